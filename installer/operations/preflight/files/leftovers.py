"""Checks for data of an installation that was taken down, if none was found running."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import BadPackage
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.files.links import database_folders
from installer.operations.preflight.findings.finding import Finding, failed, failed_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.files.container_names import fixed_container_names
from installer.system.compose.compose import DEFAULT_FILES
from installer.system.files.live_tree import folders_in, may_hold_something
from installer.text import _

CONTAINER_NAME = re.compile(r"container_name:\s*[\"']?([^\s\"']+)")


def check_leftovers(around: Surroundings) -> Iterator[Finding]:
    """Checks volumes, databases' folders, and directories beside this one; finds nothing in an upgrade."""
    situation = around.situation
    if situation.installation is None:
        yield from judge_volumes(volumes_in_use(situation))
        yield from judge_folders(full_database_folders(situation))
        yield from judge_neighbours(neighbours_with_data(situation))


def judge_volumes(names: Sequence[str]) -> Iterator[Finding]:
    """Fails for volumes `names` that the release would take over without backup and rollback."""
    return failed_if_any(
        _("Volumes of this application exist, but none of its containers."),
        names,
        hint=_(
            "Start the old release in its directory: docker compose up -d. Only if the "
            "data is not needed, DELETE it: docker volume rm {names}",
            names=" ".join(names),
        ),
    )


def judge_folders(places: Sequence[Path]) -> Iterator[Finding]:
    """Fails for folders `places` of the new database that are not empty."""
    return failed_if_any(
        _("The folder of the new database is not empty, and no running installation was found."),
        [str(place) for place in places],
        hint=_("Move the folder elsewhere. To upgrade an old release, start it first: docker compose up -d"),
    )


def judge_neighbours(places: Sequence[Path]) -> Iterator[Finding]:
    """Fails for other directories `places` with this application's data: it would start empty beside them."""
    if places:
        yield failed(
            _(
                "Data of this application exists, but none of its containers: the application"
                " would start empty."
            ),
            [str(place) for place in places],
            hint=_(
                "Start the old release: cd {directory} && docker compose up -d. "
                "Only if its data is not needed, move the directory elsewhere.",
                directory=places[0],
            ),
        )


def volumes_in_use(situation: Situation) -> tuple[str, ...]:
    """Returns volumes of the release that the engine already has; external ones are expected to exist."""
    model = situation.model
    there = set(model.volumes.values()) - set(situation.plan.created_volumes) - model.external_volumes
    return tuple(sorted(there))


def full_database_folders(situation: Situation) -> tuple[Path, ...]:
    """Returns folders of the release's databases that are not empty."""
    folders = database_folders(situation.model, situation.plan.database_services)
    return tuple(filter(may_hold_something, folders))


def neighbours_with_data(situation: Situation) -> tuple[Path, ...]:
    """Returns directories beside the release's that belong to the application and hold some of its state."""
    release, manifest = situation.plan.release, situation.manifest
    names = fixed_container_names(release, manifest.compose_files)
    return tuple(
        place
        for place in folders_in(release.parent)
        if place != release and any(may_hold_something(place / s) for s in manifest.state)
        if application_of(place) == manifest.application.name or names & _container_names_in(place)
    )


def application_of(directory: Path) -> str | None:
    """Returns the name of the application whose release a directory holds; None if it holds none."""
    try:
        return parse_manifest((directory / MANIFEST).read_bytes()).application.name
    except (OSError, BadPackage):
        return None


def _container_names_in(directory: Path) -> frozenset[str]:
    files = (directory / name for name in DEFAULT_FILES)
    return frozenset(name for file in files for name in CONTAINER_NAME.findall(_text_of(file)))


def _text_of(file: Path) -> str:
    """Reads a file; empty if it does not exist or this person may not read it."""
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
