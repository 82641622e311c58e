"""Describes a restore as a value, and as `plan.json` of its run, for going on or back after a crash.

Paths are relative to the release directory, which may be renamed meanwhile. The plan holds no secret: the
key of an encrypted backup is asked for again.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from installer.database.records.backup_record import record_path

RESTORE = "restore"  # the verb in the journal
STOP, BACK_UP, REPLACE, START = "stop-services", "back-up", "replace-content", "start-services"
SAFETY_REASON = "before_restore"


@dataclass(frozen=True)
class PlannedRestore:
    """Describes what a restore changes in one database, and what was before.

    `sha256` is of the file `backup`. `create_database` is the statement that creates the schema.
    `safety_backup` is None if the current content is not backed up. `server_settings` are the settings that a
    load changes, as they were. `service` is that of the database in a release with several, otherwise empty.
    """

    backup: str
    sha256: str
    is_unproven: bool
    is_encrypted: bool
    database: str
    create_database: str
    safety_backup: str | None
    server_settings: Mapping[str, str | int]
    service: str = ""

    def backup_path(self, release: Path) -> Path:
        """Returns the path of the backup that is restored."""
        return place_of(self.backup, release)

    def safety_path(self, release: Path) -> Path | None:
        """Returns the path of the safety backup, existing or planned; None without one."""
        return place_of(self.safety_backup, release) if self.safety_backup is not None else None

    def has_safety_backup(self, release: Path) -> bool:
        """Returns whether the safety backup is there and complete: its record is written last."""
        path = self.safety_path(release)
        return path is not None and path.is_file() and record_path(path).is_file()


@dataclass(frozen=True)
class RestorePlan:
    """Describes a restore of one database, or of several that are restored together, in this order.

    `running_services` are those that are stopped and started again, `healthy_services` those of them without
    trouble.
    """

    started_at: datetime
    running_services: tuple[str, ...]
    healthy_services: tuple[str, ...]
    databases: tuple[PlannedRestore, ...]

    @property
    def run_name(self) -> str:
        """Returns the name of the run's folder; sorts by time."""
        return run_name(self.started_at)

    @property
    def is_encrypted(self) -> bool:
        """Returns whether a key is required to read the backups."""
        return any(one.is_encrypted for one in self.databases)

    def names(self, release: Path) -> str:
        """Returns the names of the backups, as a person passes them to `restore`."""
        return " ".join(one.backup_path(release).name for one in self.databases)

    def label_of(self, database: PlannedRestore) -> str:
        """Returns what tells one database from the others of this restore; empty for the only one."""
        return database.service if len(self.databases) > 1 else ""


def back_up_step(label: str) -> str:
    """Returns the name of the step that backs up the content of the database with this label."""
    return _step_of(BACK_UP, label)


def replace_step(label: str) -> str:
    """Returns the name of the step that replaces the content of the database with this label."""
    return _step_of(REPLACE, label)


def run_name(started_at: datetime) -> str:
    """Returns the name of the folder of a restore that began then."""
    return f"{started_at:%Y%m%d-%H%M%S}-{RESTORE}"


def relative_to(path: Path, release: Path) -> str:
    """Returns a path as the plan records it."""
    return os.path.relpath(path.absolute(), release.absolute())


def place_of(recorded: str, release: Path) -> Path:
    """Returns the path that `relative_to` recorded, where it is now."""
    return Path(os.path.normpath(release.absolute() / recorded))


def dump_restore_plan(plan: RestorePlan) -> bytes:
    """Returns the plan as JSON; `parse_restore_plan(dump_restore_plan(plan)) == plan`."""
    text = json.dumps(asdict(plan), default=str, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def parse_restore_plan(raw: bytes) -> RestorePlan:
    """Reads the plan; ignores keys that a later version may have added.

    An earlier version restored one database, and wrote what belongs to it beside the rest.
    """
    fields = json.loads(raw)
    return RestorePlan(
        started_at=datetime.fromisoformat(fields["started_at"]),
        running_services=tuple(fields["running_services"]),
        healthy_services=tuple(fields["healthy_services"]),
        databases=tuple(map(_database, fields.get("databases", [fields]))),
    )


def _step_of(step: str, label: str) -> str:
    return f"{step}:{label}" if label else step


def _database(fields: Mapping[str, Any]) -> PlannedRestore:
    return PlannedRestore(
        backup=fields["backup"],
        sha256=fields["sha256"],
        is_unproven=fields["is_unproven"],
        is_encrypted=fields["is_encrypted"],
        database=fields["database"],
        create_database=fields["create_database"],
        safety_backup=fields["safety_backup"],
        server_settings=dict(fields["server_settings"]),
        service=fields.get("service", ""),
    )
