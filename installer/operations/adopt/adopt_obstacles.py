"""Finds what makes it unsafe to start the services from here, before anything changes."""

from collections.abc import Iterator
from pathlib import Path

from installer.errors import Refused
from installer.operations.adopt.renamed_directory import RenamedRelease
from installer.site.running.directory_of_containers import has_files, holds
from installer.site.running.lost_mounts import lost_mounts
from installer.site.running.other_files import in_other_folders, way_out
from installer.system.docker.container_folders import folder_on_host
from installer.system.docker.docker import Container
from installer.text import _


def refuse_adopt_obstacles(renamed: RenamedRelease) -> None:
    """Raises `Refused` unless every folder here is the one that the containers use, or used last."""
    _refuse_other_release(renamed)
    other = in_other_folders(renamed.model.services, renamed.containers)
    found = (*other, *_missing(renamed), *_at_the_old_place(renamed))
    if found:
        culprit = next((one for one in renamed.containers if one.is_up), renamed.containers[0])
        raise Refused(
            _("This directory lacks files that the services use; nothing was changed."),
            details=found,
            hint=way_out(renamed.release, culprit),
        )


def _refuse_other_release(renamed: RenamedRelease) -> None:
    before = renamed.before
    is_elsewhere = before.resolve() != renamed.release.resolve() and has_files(
        before, renamed.containers, before
    )
    if is_elsewhere and holds(before, renamed.containers, before) is not False:
        raise Refused(
            _("The running release was started in another directory, which still exists."),
            details=[str(before)],
            hint=_("Run the command in that directory: it was not renamed."),
        )


def _missing(renamed: RenamedRelease) -> Iterator[str]:
    for lost in lost_mounts(renamed.model.services[name] for name in renamed.services):
        yield lost.words


def _at_the_old_place(renamed: RenamedRelease) -> Iterator[str]:
    """Finds folders of stopped containers at the old place: only if one place is left, theirs is known."""
    for container in renamed.containers:
        if not container.is_up and not renamed.is_from_here(container):
            yield from _still_there(renamed, container)


def _still_there(renamed: RenamedRelease, container: Container) -> Iterator[str]:
    service = renamed.model.services.get(container.service or "")
    wanted = {mount.target: mount.source for mount in service.mounts} if service else {}
    for mount in container.mounts:
        old, here = Path(mount.source), Path(wanted.get(mount.target, mount.source))
        if (
            mount.kind == "bind"
            and old != here
            and old.is_dir()
            and folder_on_host(old) != folder_on_host(here)
        ):
            yield _("{service} used {path}, which still exists.", service=container.service, path=old)
