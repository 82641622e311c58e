"""Plans a restore: which backup, which services to stop, and how the server is set now."""

import hashlib
from datetime import datetime
from pathlib import Path

from installer.database.door.prepared_restore import PreparedRestore
from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup, new_path
from installer.operations.plan.restore_plan import SAFETY_REASON, RestorePlan, relative_to
from installer.operations.release_directory import Site
from installer.site.running.lost_mounts import refuse_lost_mounts
from installer.site.running.troubled_services import troubled

CHUNK_BYTES = 1 << 20


def plan_restore(
    site: Site,
    database: Database,
    chosen: Backup | Path,
    prepared: PreparedRestore,
    *,
    label: str,
    now: datetime,
    is_unproven: bool,
    makes_safety_backup: bool,
) -> RestorePlan:
    """Returns the plan. Raises `Refused` if a service would restart without its data.

    `label` is the service of the database in a release with several.
    """
    running = site.services_beside_databases()
    if running:
        refuse_lost_mounts(site.compose(), running)
    trouble = troubled(site.containers(), now)
    safety = new_path(site.backups_folder(), SAFETY_REASON, now, label)
    return RestorePlan(
        started_at=now,
        backup=relative_to(path_of(chosen), site.release),
        sha256=digest_of(chosen),
        is_unproven=is_unproven,
        is_encrypted=isinstance(chosen, Backup) and chosen.is_encrypted,
        database=database.name,
        create_database=prepared.create_database,
        running_services=running,
        healthy_services=tuple(name for name in running if name not in trouble),
        safety_backup=relative_to(safety, site.release) if makes_safety_backup else None,
        server_settings=database.settings_before_loading(),
        service=label,
    )


def path_of(chosen: Backup | Path) -> Path:
    """Returns the path of a chosen backup or dump."""
    return chosen if isinstance(chosen, Path) else chosen.path


def digest_of(chosen: Backup | Path) -> str:
    """Returns the SHA-256 of the file: that of the record, which the restore verifies."""
    if isinstance(chosen, Backup):
        return chosen.sha256
    digest = hashlib.sha256()
    with chosen.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
