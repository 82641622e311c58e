"""Refuses to treat the running database as that of a directory whose files it does not use."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from installer.errors import Refused
from installer.site.running.directory_of_containers import ComparedFolder, has_files, other_folders
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.text import _


def refuse_other_files(directory: Path, service: Service, container: Container) -> None:
    """Raises `Refused` if the running database mounts other folders than those in `directory`."""
    found = other_folders(service, container)
    if found:
        raise Refused(
            _("The running database does not use the files in {directory}.", directory=directory),
            details=[line for one in found for line in lines_of(one)],
            hint=way_out(directory, container),
        )


def in_other_folders(services: Mapping[str, Service], containers: Iterable[Container]) -> Iterator[str]:
    """Lists the folders of running containers that are not those of their services."""
    for container in containers:
        service = services.get(container.service or "")
        if service is not None and container.is_up:
            for other in other_folders(service, container):
                yield from lines_of(other)


def lines_of(other: ComparedFolder) -> tuple[str, str]:
    """Returns a line for each of the two folders."""
    return (
        _("In use at {target}: {path}", target=other.target, path=other.used),
        _("Expected: {path}", path=other.wanted),
    )


def way_out(directory: Path, container: Container) -> str:
    """Returns the hint: use the directory of the running release, or restart from here after a rename."""
    old = container.working_dir
    if old is not None and old.resolve() != directory.resolve() and has_files(old, (container,), old):
        return _("Run the command in the directory of the running release: {directory}", directory=old)
    return _(
        "If {directory} was renamed before Docker restarted, the running database is a new, empty one."
        " Check both directories, then run in {directory}: docker compose down && docker compose up -d",
        directory=directory,
    )
