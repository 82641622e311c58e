"""Defines the interface of one schema on one running server, for the user that its container names.

Every implementation of `Database` passes `tests/database/test_contract.py` on a real server. No value of a
driver's type is returned, and no connection is left open. When a method raises `Refused`, nothing has
changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from installer.bundle.sql.migrations import Migration
from installer.database.door.one_moment import Moment
from installer.database.door.prepared_restore import PreparedRestore
from installer.database.records.backup_record import Backup
from installer.database.records.migration_status import MigrationStatus
from installer.database.records.settle_migrations import Settled
from installer.database.values.copy_request import CopyRequest, CopyRoom
from installer.database.values.facts import DatabaseFacts
from installer.database.values.rehearsal_result import Rehearsal
from installer.screen.console import Console
from installer.system.docker.docker import Engine


class Database(Protocol):
    """Offers everything that an import, a backup, a restore and a rehearsal need of a database."""

    @property
    def name(self) -> str:
        """Returns the name of the schema."""

    @property
    def host(self) -> str:
        """Returns the address on which the server listens."""

    def facts(self) -> DatabaseFacts:
        """Returns what the server reports about itself."""

    def at_one_moment(self) -> AbstractContextManager[Moment]:
        """Yields the database as it is now; writes during the body are not seen."""

    def row_counts(self, tables: Iterable[str], *, seconds: float) -> Mapping[str, int]:
        """Returns the number of rows of each table.

        Leaves out tables that do not exist and tables that take longer than `seconds` to count.
        """

    def refuse_lost_tables(self, known: Sequence[str]) -> None:
        """Raises `Refused` when the schema has no table although the migrations `known` were applied."""

    def refuse_obstacles(self) -> None:
        """Raises `Refused` for each obstacle that would make a backup incomplete."""

    def refuse_to_back_up(self, folder: Path, *, leave_out_broken_views: bool = False) -> None:
        """Raises `Refused` for any obstacle to a backup into `folder`; writes nothing."""

    def back_up(
        self,
        folder: Path,
        *,
        reason: str,
        now: datetime,
        console: Console,
        leave_out_broken_views: bool = False,
        recipients: Sequence[str] = (),
        known_migrations: Sequence[str] = (),
        label: str = "",
    ) -> Backup:
        """Writes a complete, verified backup and its record. Raises `Refused`; then no file is left.

        `label` is the service of the database in a release with several; it becomes part of the name.
        """

    def restore(
        self,
        backup: Backup,
        console: Console,
        *,
        safety_folder: Path | None = None,
        now: datetime | None = None,
    ) -> None:
        """Restores the schema exactly as the backup records it, and compares the result.

        Raises `FailedAndRestored` where the safety backup was restored, `Stuck` where nothing was.
        """

    def prepare_restore(
        self,
        chosen: Backup | Path,
        console: Console,
        *,
        identity: Path | None = None,
        create_database: str | None = None,
    ) -> PreparedRestore:
        """Returns the restore of `chosen`; reads a dump without a record to its end first.

        `identity` has the key to an encrypted backup. A restore that continues passes the `create_database`
        of the restore that was interrupted.
        """

    def has_schema(self) -> bool:
        """Returns whether the schema exists; a restore that stopped half-way may have left none."""

    def settings_before_loading(self) -> Mapping[str, str | int]:
        """Returns the server's settings that a load changes, as they are now."""

    def clear_up_after_load(self, settings: Mapping[str, str | int]) -> None:
        """Ends the sessions of a load that was killed, and sets back the settings that it left behind."""

    def history(self, migrations: Sequence[Migration]) -> MigrationStatus:
        """Compares the history of the schema with `migrations`; changes nothing."""

    def refuse_unless_deployable(self, status: MigrationStatus, pending: Sequence[Migration]) -> None:
        """Raises `Refused` for the first reason not to apply `pending`."""

    def deploy(
        self, migrations: Sequence[Migration], console: Console, *, planned: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Applies the pending migrations as Prisma does, reads the history back, and returns their names.

        The names are in order. With `planned`, the pending migrations must be exactly these. Raises
        `MigrationStopped` once the first statement has run.
        """

    def resolve(self, migrations: Sequence[Migration], name: str, settled: Settled) -> None:
        """Records how a person settled a failed migration. Raises `Refused` with Prisma's codes."""

    def baseline(self, migrations: Sequence[Migration], console: Console) -> None:
        """Records `migrations` as applied to a schema without a history."""

    def room_for_copy(self, engine: Engine) -> CopyRoom:
        """Returns the room for a copy of the whole server.

        Raises `CannotRehearse` when there is too little.
        """

    def copy(self, request: CopyRequest) -> "CopiedDatabase":
        """Copies the database to a temporary server while users work on. Raises `AirlockError`."""

    def rehearse(self, migrations: Sequence[Migration], console: Console) -> Rehearsal:
        """Applies the pending migrations to this copy and returns what they do, or which statement fails."""

    def backup_seconds(self, data_bytes: int) -> float | None:
        """Returns how long a backup of `data_bytes` takes, by a sample; None where the sample is small."""


@dataclass(frozen=True)
class CopiedDatabase:
    """Holds a copy of a running schema on a server of its own, and the seconds that its creation took.

    `copy_seconds` is for copying, `start_seconds` for starting the server. `file_bytes` is the size of the
    files where the files were copied; otherwise it is None, and `reason` says why a dump was loaded instead.
    """

    database: Database
    file_bytes: int | None
    reason: str
    copy_seconds: float
    start_seconds: float
