"""Checks for links out of the data to carry over: both releases would then use the same files."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from installer.database.engines import DATA_FOLDERS
from installer.operations.preflight.findings.finding import Finding, failed_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import ComposeModel
from installer.system.files.live_tree import paths_below
from installer.text import _


def check_links(around: Surroundings) -> Iterator[Finding]:
    """Checks the old release's folders; finds nothing if nothing is carried over."""
    installation, plan = around.situation.installation, around.situation.plan
    if installation is not None and plan.state:
        carried = {item.source for item in plan.state}
        databases = database_folders(installation.model, plan.database_services)
        yield from judge_links([*mounted_links(installation.model, carried), *links_below(databases)])


def mounted_links(model: ComposeModel, carried: Collection[Path]) -> tuple[Path, ...]:
    """Returns mounted places inside a `carried` folder that are links, or lie behind one."""
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


def database_folders(model: ComposeModel, services: Collection[str]) -> tuple[Path, ...]:
    """Returns the folders of the databases' files, as far as they are in folders."""
    databases = (service for name, service in model.services.items() if name in services)
    mounts = (mount for service in databases for mount in service.mounts)
    return tuple(Path(m.source) for m in mounts if m.kind == "bind" and m.target in DATA_FOLDERS)


def links_below(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Returns every link in these folders; a folder may be one itself."""
    below = (path for one in folders for path in paths_below(one))
    return tuple(sorted(path for path in below if path.is_symlink()))


def judge_links(links: Sequence[Path]) -> Iterator[Finding]:
    """Fails for links: their copy leads to the original, which would not stay untouched."""
    return failed_if_any(
        _("The data to carry over contains links that lead out of it."),
        [f"{link} → {_target(link)}" for link in links],
        hint=_("Stop the application, replace each link with the data itself, then start the application."),
    )


def _target(link: Path) -> Path:
    """Returns what the link says, or where it leads to if it lies behind a link (or is missing by now)."""
    try:
        return link.readlink()
    except OSError:
        return link.resolve()
