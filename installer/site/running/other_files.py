"""Refuses to take the database that runs for the one of a directory whose files it does not use."""

from pathlib import Path

from installer.errors import Refused
from installer.site.running.whereabouts import ComparedFolder, has_files, other_folders
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.text import _


def refuse_other_files(directory: Path, service: Service, container: Container) -> None:
    """Raise `Refused` where the running database has other folders than those in `directory`."""
    found = other_folders(service, container)
    if found:
        raise Refused(
            _("The database that runs does not use the files in {directory}.", directory=directory),
            details=[line for one in found for line in lines_of(one)],
            hint=way_out(directory, container),
        )


def lines_of(other: ComparedFolder) -> tuple[str, str]:
    """Both folders in words."""
    return (
        _("In use at {target}: {path}", target=other.target, path=other.used),
        _("Expected: {path}", path=other.wanted),
    )


def way_out(directory: Path, container: Container) -> str:
    """What to do: go to the release that runs, or start from here after a rename."""
    old = container.working_dir
    if old is not None and old.resolve() != directory.resolve() and has_files(old, (container,), old):
        return _("Run the command in the directory of the release that runs: {directory}", directory=old)
    return _(
        "If {directory} was renamed and Docker restarted since, the running database is a new, empty one."
        " Check both folders, then run in {directory}: docker compose down && docker compose up -d",
        directory=directory,
    )
