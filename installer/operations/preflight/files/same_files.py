"""Checks that the folders to carry over are those that the running release uses, and all exist."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from installer.database.engines import DATA_FOLDERS
from installer.operations.preflight.findings.finding import Finding, failed, failed_if_any, ok, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.running.directory_of_containers import ComparedFolder, compared_folders
from installer.site.running.installation import Installation
from installer.site.running.lost_mounts import LostMount, lost_mounts, way_to_put_back
from installer.site.running.other_files import lines_of, way_out
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.text import _


def check_same_files(around: Surroundings) -> Iterator[Finding]:
    """Compares the old release's folders in its files with those that its containers have."""
    installation = around.situation.installation
    if installation is None:
        return
    yield from judge_name(installation.renamed_from, installation.directory)
    for service, container in _running(installation):
        folders = tuple(compared_folders(service, container))
        yield from judge_others(service.name, folders, way_out(installation.directory, container))
        yield from judge_lost(lost_mounts([service]), folders)
        if service.name in around.situation.plan.database_services:
            yield from judge_database(folders)


def judge_name(before: Path | None, directory: Path) -> Iterator[Finding]:
    """Reports a directory that was renamed under its containers: it does not prevent the import."""
    if before is not None:
        yield ok(
            _("The directory of the running release was renamed since it was started"),
            _("Started in: {directory}", directory=before),
            _("Now: {directory}", directory=directory),
        )


def judge_others(service: str, folders: Iterable[ComparedFolder], hint: str) -> Iterator[Finding]:
    """Fails for folders to carry over that the running service does not use."""
    others = [one for one in folders if one.is_same is False]
    if others:
        yield failed(
            _("The running {service} does not use the files that would be carried over.", service=service),
            [line for one in others for line in lines_of(one)],
            hint=hint,
        )


def judge_lost(lost: Sequence[LostMount], folders: Iterable[ComparedFolder]) -> Iterator[Finding]:
    """Fails for missing mounts that would start empty, except those that `judge_others` reports."""
    reported = [one.wanted for one in folders if one.is_same is False]
    found = [one for one in lost if one.source not in reported]
    return failed_if_any(
        _(
            "Files or folders that the running release mounts are missing: after a rollback "
            "it would start without them."
        ),
        [one.words for one in found],
        hint=way_to_put_back(found),
    )


def judge_database(folders: Sequence[ComparedFolder]) -> Iterator[Finding]:
    """Reports whether its data folder, if on this host, is proven to be the open one."""
    for one in folders:
        if one.target in DATA_FOLDERS and one.is_same:
            yield ok(_("The running database uses the files in {path}", path=one.wanted))
        elif one.target in DATA_FOLDERS and one.is_same is None:
            yield warning(
                _("It cannot be proven that the running database uses the files in {path}.", path=one.wanted),
                hint=_("Run the command with sudo."),
            )


def _running(installation: Installation) -> Iterator[tuple[Service, Container]]:
    for service in installation.model.services.values():
        container = installation.container_of(service.name)
        if container is not None and container.is_up:
            yield service, container
