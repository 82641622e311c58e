"""Restores a backup into a temporary server, compares it with its record, and leaves nothing behind."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from installer.database.door.drilled import Drilled, DrillRequest
from installer.database.engines import engine_of_backup, locate
from installer.database.records.backup_record import Backup, read_backup
from installer.database.scratch_servers.disk_guard import guarding
from installer.database.values.copy_request import GUARDED_BYTES
from installer.errors import Refused
from installer.operations.backups.choose_backup import choose_backup
from installer.operations.backups.drill_records import COUNTED, FAILED, RESTORED, Drill, record_drill
from installer.operations.images.stored_images import image_of_service
from installer.operations.rehearsal.rehearse import expect_reachable
from installer.operations.release_directory import Site
from installer.system.clock import utc_now
from installer.system.docker.docker import Engine
from installer.system.docker.volumes import folder_of_volumes
from installer.text import _


@dataclass(frozen=True)
class DrillOrder:
    """Says which backup to drill: that called `name`, else the newest of the service `database`.

    Without `database` it is that of the only one. `identity` is the file with the key.
    """

    name: str | None
    identity: Path | None
    database: str | None = None


def drill_backup(site: Site, request: DrillOrder, *, version: str) -> Drill:
    """Drills a backup and records the outcome; under the site's lock.

    `version` is that of this Airlock. Raises `Refused` without an outcome: no record, key, image, room or
    network for a second server.
    """
    service = site.only_database(request.database).service if request.name is None else ""
    labels = site.labels_of(service)
    backup = drillable_backup(site.backups_folder(), request.name, request.identity, labels)
    drilled = _drilled(site, backup, request)
    drill = _described(backup, drilled, version)
    record_drill(site.release, backup, drill)
    return drill


def drillable_backup(
    folder: Path, name: str | None, identity: Path | None, labels: Collection[str] = ("",)
) -> Backup:
    """Returns the backup to drill. Raises `Refused` for a dump without a record or without its key."""
    chosen = choose_backup(folder, name, unproven=False, labels=labels)
    backup = read_backup(chosen) if isinstance(chosen, Path) else chosen
    if backup.is_encrypted and identity is None:
        raise Refused(
            _("The backup {name} is encrypted.", name=backup.path.name),
            hint=_(
                "Specify the file with the key: ./airlock backups drill --identity KEYFILE {name}",
                name=backup.path.name,
            ),
        )
    return backup


def _drilled(site: Site, backup: Backup, request: DrillOrder) -> Drilled:
    engine, service = Engine.connect(), site.database_service(backup.service or request.database)
    image = image_of_service(engine, site.manifest(), service)
    if image is None:
        raise Refused(
            _("The image {reference} of the release is not in the engine.", reference=service.image),
            hint=_("To load it, import the release: ./import-package.sh"),
        )
    for container in site.database_containers(service.name):
        expect_reachable(container, locate(service, container), hint="")
    site.console.say(
        _("Restoring {name} into a temporary server; the site is not changed.", name=backup.path.name)
    )
    place, name = folder_of_volumes(engine.version().data_root), site.name()
    with engine.scratch(name) as scratch, guarding(place, GUARDED_BYTES, lambda: _sweep(name)):
        return engine_of_backup(backup).drill(
            DrillRequest(engine, scratch, backup, request.identity, image.id, service, place, site.console)
        )


def _sweep(name: str) -> None:
    """Sweeps from another thread, and so over another connection."""
    Engine.connect().scratch(name).sweep()


def _described(backup: Backup, drilled: Drilled, version: str) -> Drill:
    return Drill(
        at=utc_now().isoformat(timespec="seconds"),
        by=version,
        file=backup.path.name,
        result=FAILED if drilled.problems else RESTORED if drilled.was_exact else COUNTED,
        seconds=None if drilled.seconds is None else round(drilled.seconds, 1),
        server_version=drilled.server_version,
        problems=drilled.problems,
    )
