"""One schema on one running server, for the user that its container names.

Whatever fulfils `Database` is held to `tests/database/test_contract.py`, on a real server. No driver's type
comes through it, and no connection is left open. Where a method raises `Refused`, nothing has changed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from installer.bundle.sql.migrations import Migration
from installer.database.door.one_moment import Moment
from installer.database.records.backup_record import Backup
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.copying import CopyRequest, CopyRoom
from installer.database.values.facts import DatabaseFacts
from installer.database.values.rehearsal_result import Rehearsal
from installer.screen.console import Console
from installer.system.docker.docker import Engine

Settled = Literal["applied", "rolled-back"]


class Database(Protocol):
    """All that an import, a backup, a restore and a rehearsal need of it."""

    @property
    def name(self) -> str:
        """The name of the schema."""

    @property
    def host(self) -> str:
        """Where the server listens."""

    def facts(self) -> DatabaseFacts:
        """What it says of itself."""

    def at_one_moment(self) -> AbstractContextManager[Moment]:
        """The database now; what is written while the body runs is not seen."""

    def row_counts(self, tables: Iterable[str], *, seconds: float) -> Mapping[str, int]:
        """Rows of each table, but for those that are gone or take longer than `seconds` to count."""

    def refuse_lost_tables(self, known: Sequence[str]) -> None:
        """Raise `Refused` when the schema has no table although the migrations `known` were applied."""

    def refuse_obstacles(self) -> None:
        """Raise `Refused` for what no backup could keep."""

    def refuse_to_back_up(self, folder: Path, *, leave_out_broken_views: bool = False) -> None:
        """Raise `Refused` for whatever would stop a backup into `folder`; writes nothing."""

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
    ) -> Backup:
        """Write a complete, verified backup and its record. Raises `Refused`: no file is left."""

    def restore(
        self,
        backup: Backup,
        console: Console,
        *,
        safety_folder: Path | None = None,
        now: datetime | None = None,
    ) -> None:
        """Put the schema back exactly as the backup knows it, compared afterwards.

        Raises `FailedAndRestored` where the safety backup is back, `Stuck` where nothing is.
        """

    def prepare_restore(
        self, chosen: Backup | Path, console: Console, *, identity: Path | None
    ) -> Callable[..., None]:
        """What restores it, given `safety_folder`, `now` and `alone`; looks through a foreign dump first."""

    def history(self, migrations: Sequence[Migration]) -> MigrationStatus:
        """Where the schema stands against `migrations`; changes nothing."""

    def refuse_unless_deployable(self, status: MigrationStatus, pending: Sequence[Migration]) -> None:
        """Raise `Refused` for the first thing that stands against applying `pending`."""

    def deploy(
        self, migrations: Sequence[Migration], console: Console, *, planned: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Apply what is pending as Prisma does, and read it back; the names, in order.

        With `planned` it must be just these. Raises `MigrationStopped` after the first statement.
        """

    def resolve(self, migrations: Sequence[Migration], name: str, settled: Settled) -> None:
        """Record how a person settled a failed migration. Raises `Refused` with Prisma's codes."""

    def baseline(self, migrations: Sequence[Migration], console: Console) -> None:
        """Record `migrations` as applied to a schema without history."""

    def room_for_copy(self, engine: Engine) -> CopyRoom:
        """The room for a copy of the whole server. Raises `CannotRehearse` when there is too little."""

    def copy(self, request: CopyRequest) -> "CopiedDatabase":
        """Make a copy in a throw-away server; the live database goes on. Raises `AirlockError`."""

    def rehearse(self, migrations: Sequence[Migration], console: Console) -> Rehearsal:
        """Apply what is pending to this copy and find out all that can be known; a failure is told."""

    def backup_seconds(self, data_bytes: int) -> float | None:
        """How long a backup of so much data takes, by a sample; None where that cannot be told."""


@dataclass(frozen=True)
class CopiedDatabase:
    """A copy of a live schema on a server of its own, and the seconds that copying and starting took.

    `file_bytes` is the size of the files where they were copied; else a dump was loaded, for a `reason`.
    """

    database: Database
    file_bytes: int | None
    reason: str
    copy_seconds: float
    start_seconds: float
