"""Checks that no foreign server holds the files of a database: two servers on the same files destroy them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from installer.database.engines import DATA_FOLDERS
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import Situation
from installer.operations.plan.labels import labelled
from installer.operations.preflight.database.database_place import data_mount
from installer.operations.preflight.findings.finding import Finding, failed
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import Mount
from installer.system.docker.docker import Container
from installer.text import _


def check_data_in_use(around: Surroundings) -> Iterator[Finding]:
    """Compares the places of the databases, old and new, with the mounts of foreign containers that run."""
    running = [one for one in around.foreign_containers if one.is_up]
    for service, places in _places(around.situation).items():
        label = around.situation.plan.label_of(service)
        yield from judge_users(label, users_of(places, running))


def judge_users(label: str, names: Sequence[str]) -> Iterator[Finding]:
    """Fails for containers `names` whose servers use the files of the database with this label."""
    if names:
        title = _("The files of the database are used by another server, outside of this application.")
        yield failed(
            labelled(label, title),
            [_("container {name}", name=name) for name in names],
            hint=_("Stop it: docker stop {names}", names=" ".join(names)),
        )


def users_of(places: Sequence[str], containers: Sequence[Container]) -> list[str]:
    """Returns the containers whose server writes to one of these places: folders, or names of volumes."""
    return [
        one.name
        for one in containers
        for mount in one.mounts
        if not mount.read_only and mount.target in DATA_FOLDERS and _place_of(mount) in places
    ]


def _places(situation: Situation) -> dict[str, list[str]]:
    """Returns, for each database, where its files are now and where the release expects them."""
    model, found = situation.model, {}
    for name in situation.plan.database_services:
        service = model.services.get(name)
        new = data_mount(service.mounts) if service is not None else None
        found[name] = [model.volumes.get(new.source, _place_of(new))] if new is not None else []
    for old in old_databases(situation):
        mount = data_mount(old.container.mounts)
        found[old.service.name] += [_place_of(mount)] if mount is not None else []
    return found


def _place_of(mount: Mount) -> str:
    return str(Path(mount.source).resolve()) if mount.kind == "bind" else mount.source
