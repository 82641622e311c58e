"""Checks that the engine sees the files to copy or mount at the same paths as this program.

With a filesystem mounted after the engine had started, Docker from snap, or an engine on another machine, the
same path may be another folder there. Then data would be copied to a place that no container reads.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.paths import AIRLOCK
from installer.system.docker.docker import site_name
from installer.system.docker.path_inspector import NotThere, PathFacts, PathInspector, facts_of
from installer.system.docker.recognition.engine_address import engine_address
from installer.system.docker.recognition.engine_kind import SNAP
from installer.system.docker.scratch import Scratch
from installer.system.files.files import existing_part
from installer.text import _

MADE_BY_THE_KERNEL = tuple(map(Path, ("/proc", "/sys", "/dev")))


@dataclass(frozen=True)
class Road:
    """Describes how the engine is reached, and where it keeps its own data."""

    address: str
    data_folder: str


def check_engine_paths(around: Surroundings) -> Iterator[Finding]:
    """Looks through the engine at a marker in the release directory, and at every place for a container."""
    situation = around.situation
    site = site_name(around.engine, situation.manifest.application.project)
    places = places_to_see(situation)
    with marked(situation.plan.release) as marker, around.engine.scratch(site) as scratch:
        unseen = tuple(_unseen(scratch, situation.plan.release, marker, places))
    road = Road(engine_address(), around.engine.data_folder()) if unseen else Road("", "")
    carried = [item.source for item in situation.plan.state]
    yield from judge_engine_paths(unseen, road, mounts_of(unseen), any(path in carried for path in unseen))


def judge_engine_paths(
    unseen: Sequence[Path], road: Road, mounts: Sequence[Path], is_carried: bool
) -> Iterator[Finding]:
    """Judges the view: `unseen` are paths where the engine finds other files; `mounts` their filesystems."""
    if not unseen:
        yield ok(_("The Docker engine sees the directory and the data"))
        return
    cause, remedy = _cause(road, mounts)
    theirs = _("The running release uses the files that the engine sees there, not these.")
    yield failed(
        _("The Docker engine sees other files at these paths: containers would not get the data."),
        [*map(str, unseen), cause, *([theirs] if is_carried else [])],
        hint=remedy,
    )


def places_to_see(situation: Situation) -> tuple[Path, ...]:
    """Lists existing places that containers of the release get from this host, and what is carried over."""
    release = situation.plan.release
    mounts = (mount for service in situation.model.services.values() for mount in service.mounts)
    found = [Path(mount.source) for mount in mounts if mount.kind == "bind"]
    found += [item.source for item in situation.plan.state]
    there = {existing_part(path) for path in found} - {release}
    return tuple(sorted(path for path in there if _is_comparable(path)))


def is_same(before: PathFacts, seen: PathFacts | None, after: PathFacts) -> bool:
    """Returns whether `seen` is the same file or folder as seen at that path `before` and `after` it."""
    if seen is None or (seen.kind, seen.mode) != (after.kind, after.mode):
        return False
    if before == after:
        return seen == after
    return before.modified_ns <= seen.modified_ns <= after.modified_ns


def mounts_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Returns the mount points of the filesystems that these paths are on."""
    return tuple(sorted({_mount_of(path) for path in paths}))


@contextmanager
def marked(release: Path) -> Iterator[str]:
    """Creates a uniquely named file in the release directory during the body; yields its path in there."""
    folder = release / AIRLOCK
    is_new = not folder.exists()
    marker = folder / f"seen-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o755, exist_ok=True)
    try:
        marker.touch(mode=0o600)
        yield str(marker.relative_to(release))
    finally:
        marker.unlink(missing_ok=True)
        with suppress(OSError):  # keeps files that others added meanwhile
            if is_new:
                folder.rmdir()


def _unseen(scratch: Scratch, release: Path, marker: str, places: Sequence[Path]) -> Iterator[Path]:
    image = scratch.new_image()
    inspector = _inspector_of(scratch, image, (release, *places))
    for number, place in enumerate((release, *places)):
        own, own_number = (inspector, number) if inspector else (_inspector_of(scratch, image, (place,)), 0)
        if own is None or not _sees(own, own_number, place, marker if place == release else None):
            yield place


def _inspector_of(scratch: Scratch, image: str, places: Sequence[Path]) -> PathInspector | None:
    """Returns None if the engine does not find one of the places at all."""
    try:
        return scratch.inspector_of(image, places)
    except NotThere:
        return None


def _sees(inspector: PathInspector, number: int, place: Path, marker: str | None) -> bool:
    if marker is not None:
        return inspector.facts(number, marker) is not None
    before = facts_of(place)
    seen = inspector.facts(number)
    return is_same(before, seen, facts_of(place))


def _is_comparable(path: Path) -> bool:
    if any(path.is_relative_to(folder) for folder in MADE_BY_THE_KERNEL):
        return False
    try:
        return facts_of(path).kind != "other"
    except OSError:  # which other checks report
        return False


def _mount_of(path: Path) -> Path:
    return path if path.is_mount() or path == path.parent else _mount_of(path.parent)


def _cause(road: Road, mounts: Sequence[Path]) -> tuple[str, str]:
    """Returns the possible cause, and what to do."""
    if road.address.startswith("tcp:"):
        return (
            _("The engine is at {address}: it may be on another machine.", address=road.address),
            _("Log in to the machine of the engine and run the command there. Or: unset DOCKER_HOST"),
        )
    if road.data_folder.startswith(SNAP):
        return (
            _("Docker was installed from snap, which sees only some folders."),
            _("Move the directory below /home, or install Docker from its own packages."),
        )
    return (
        _("Possibly mounted after Docker had started: {places}", places=", ".join(map(str, mounts))),
        _(
            "Restart Docker: sudo systemctl restart docker. Then check that the application has its data, "
            "and run the command again."
        ),
    )
