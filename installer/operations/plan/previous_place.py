"""Finds the old release's directory, which teams rename. Changes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from installer.bundle.layout import MANIFEST
from installer.errors import Refused
from installer.operations.plan.import_plan import ImportPlan, Previous
from installer.site.directory_mark import mark_of
from installer.system.files.files import rebased
from installer.system.files.live_tree import folders_in
from installer.text import _

Likeness = Literal["same", "alike", "possible", "other"]


def find_previous(plan: ImportPlan, release: Path, named: Path | None) -> Path | None:
    """Finds the old directory of a plan as recorded; None if there was none.

    A person may have `named` it. Raises `Refused` with the places searched if it is not found.
    """
    previous = plan.previous
    if previous is None:
        return None
    if named is not None:
        if likeness(previous, named.resolve(), _application(release)) == "other":
            raise _not_this_one(previous, named)
        return named.resolve()
    place = place_of_previous(plan, release)
    if place is None:
        raise _nowhere(plan, previous, release)
    return place


def place_of_previous(plan: ImportPlan, release: Path) -> Path | None:
    """Finds the same; None also if it is not found, or if several directories could be it."""
    previous = plan.previous
    if previous is None or previous.directory == plan.release:
        return None if previous is None else release
    application = _application(release)
    likenesses = {place: likeness(previous, place, application) for place in _candidates(plan, release)}
    same = [place for place, like in likenesses.items() if like == "same"]
    alike = [place for place, like in likenesses.items() if like == "alike"]
    if same or likenesses.get(previous.directory, "other") != "other":
        return same[0] if same else previous.directory
    return alike[0] if len(alike) == 1 else None


def likeness(previous: Previous, place: Path, application: str | None) -> Likeness:
    """Returns how likely a directory is the recorded one.

    Compares its mark, or application and version if the plan is older than marks or a file was edited since:
    an inode may be reused. If such a plan records a directory made by hand, it knows only the names of its
    files: then "possible".
    """
    files = [str(rebased(Path(file), previous.directory, place)) for file in previous.files]
    if not all((place / file).is_file() for file in files):
        return "other"
    wanted, here = previous.mark, mark_of(place, files)
    if wanted is not None and here is not None and here.digests and here.digests == wanted.digests:
        return "same" if here.inode == wanted.inode else "alike"
    if wanted is not None and (here is None or here.inode != wanted.inode):
        return "other"
    if previous.version is None or previous.version_source != "release":
        return "possible" if _release_in(place) is None else "other"
    return "alike" if _release_in(place) == (application, previous.version) else "other"


def _application(release: Path) -> str | None:
    found = _release_in(release)
    return found[0] if found else None


def _release_in(place: Path) -> tuple[str, str] | None:
    """Returns application and version of the release in a directory, None if it holds none."""
    try:
        application = json.loads((place / MANIFEST).read_bytes())["application"]
        return str(application["name"]), str(application["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _candidates(plan: ImportPlan, release: Path) -> Iterator[Path]:
    """Lists its old place, then the folders beside that and beside the release; never the release itself."""
    assert plan.previous is not None
    recorded, seen = plan.previous.directory, {release.resolve()}
    beside = (path for parent in _parents(plan, release) for path in folders_in(parent))
    for place in (recorded, *beside):
        if place.is_dir() and place.resolve() not in seen:
            seen.add(place.resolve())
            yield place


def _parents(plan: ImportPlan, release: Path) -> tuple[Path, ...]:
    assert plan.previous is not None
    return tuple(dict.fromkeys((release.parent, plan.previous.directory.parent, plan.release.parent)))


def _nowhere(plan: ImportPlan, previous: Previous, release: Path) -> Refused:
    version = previous.version or _("(version unknown)")
    return Refused(
        _("The old release's directory was not found."),
        details=[
            _("Expected: {version}, formerly in {path}", version=version, path=previous.directory),
            _("with: {files}", files=", ".join(Path(file).name for file in previous.files)),
            _("Searched in: {places}", places=", ".join(map(str, _parents(plan, release)))),
        ],
        hint=_("If you know where it is, run: ./airlock rollback --to DIRECTORY"),
    )


def _not_this_one(previous: Previous, named: Path) -> Refused:
    return Refused(
        _("{directory} is not the old release's directory.", directory=named),
        details=[
            _(
                "Its compose files are not those of {version}.",
                version=previous.version or _("(version unknown)"),
            )
        ],
        hint=_("Specify the directory that was in operation before this import."),
    )
