"""Plans a restore: which backups, which services to stop, and how the servers are set now."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from installer.database.door.prepared_restore import PreparedRestore
from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup, new_path
from installer.operations.plan.restore_plan import SAFETY_REASON, PlannedRestore, RestorePlan, relative_to
from installer.operations.release_directory import Site
from installer.site.running.lost_mounts import refuse_lost_mounts
from installer.site.running.troubled_services import troubled

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Chosen:
    """Holds a database and what is restored into it; `label` is its service in a release with several."""

    label: str
    database: Database
    source: Backup | Path
    prepared: PreparedRestore


def plan_restore(
    site: Site, chosen: Sequence[Chosen], *, now: datetime, is_unproven: bool, makes_safety_backup: bool
) -> RestorePlan:
    """Returns the plan. Raises `Refused` if a service would restart without its data."""
    running = site.services_beside_databases()
    if running:
        refuse_lost_mounts(site.compose(), running)
    trouble = troubled(site.containers(), now)
    return RestorePlan(
        started_at=now,
        running_services=running,
        healthy_services=tuple(name for name in running if name not in trouble),
        databases=tuple(
            _planned(site, one, now, is_unproven=is_unproven, makes_safety_backup=makes_safety_backup)
            for one in chosen
        ),
    )


def _planned(
    site: Site, chosen: Chosen, now: datetime, *, is_unproven: bool, makes_safety_backup: bool
) -> PlannedRestore:
    database, source = chosen.database, chosen.source
    safety = new_path(site.backups_folder(), SAFETY_REASON, now, chosen.label)
    has_safety_backup = makes_safety_backup and database.has_schema()
    return PlannedRestore(
        backup=relative_to(path_of(source), site.release),
        sha256=digest_of(source),
        is_unproven=is_unproven,
        is_encrypted=isinstance(source, Backup) and source.is_encrypted,
        database=database.name,
        create_database=chosen.prepared.create_database,
        safety_backup=relative_to(safety, site.release) if has_safety_backup else None,
        server_settings=database.settings_before_loading(),
        service=chosen.label,
    )


def path_of(source: Backup | Path) -> Path:
    """Returns the path of a chosen backup or dump."""
    return source if isinstance(source, Path) else source.path


def digest_of(source: Backup | Path) -> str:
    """Returns the SHA-256 of the file: that of the record, which the restore verifies."""
    if isinstance(source, Backup):
        return source.sha256
    digest = hashlib.sha256()
    with source.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
