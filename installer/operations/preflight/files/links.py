"""Do links lead out of the data that is carried over? Both releases would then work on the same files."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from installer.database.engines import DATA_FOLDERS
from installer.operations.preflight.findings.finding import Finding, failed
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import ComposeModel
from installer.system.files.live_tree import paths_below
from installer.text import _


def check_links(around: Surroundings) -> Iterator[Finding]:
    """The old release's folders; nothing to say where nothing is carried over."""
    installation, plan = around.situation.installation, around.situation.plan
    if installation is not None and plan.state:
        carried = {item.source for item in plan.state}
        database = database_folders(installation.model, plan.database)
        yield from judge_links([*mounted_links(installation.model, carried), *links_below(database)])


def mounted_links(model: ComposeModel, carried: Collection[Path]) -> tuple[Path, ...]:
    """Mounted places inside a `carried` folder that are, or lie behind, a link."""
    places = sorted(
        {Path(m.source) for one in model.services.values() for m in one.mounts if m.kind == "bind"}
    )
    outer = [place for place in places if place.resolve() in carried]
    return tuple(
        place
        for place in places
        if any(
            one in place.parents and place.resolve() != one.resolve() / place.relative_to(one)
            for one in outer
        )
    )


def database_folders(model: ComposeModel, name: str | None) -> tuple[Path, ...]:
    """Where the old database's files are, if in a folder."""
    service = model.services.get(name or "")
    mounts = service.mounts if service else ()
    return tuple(Path(m.source) for m in mounts if m.kind == "bind" and m.target in DATA_FOLDERS)


def links_below(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Every link in these folders; a folder may be one itself."""
    below = (path for one in folders for path in paths_below(one))
    return tuple(sorted(path for path in below if path.is_symlink()))


def judge_links(links: Sequence[Path]) -> Iterator[Finding]:
    """A copy of a link leads to the original, which would not stay untouched."""
    if links:
        yield failed(
            _("Links lead out of the data that would be carried over."),
            [f"{link} → {_target(link)}" for link in links],
            hint=_("Stop the application and put the data itself in the place of each link, then start it."),
        )


def _target(link: Path) -> Path:
    """What the link says; where it leads to, if it lies behind a link (or is gone meanwhile)."""
    try:
        return link.readlink()
    except OSError:
        return link.resolve()
