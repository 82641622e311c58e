"""Implements a part of the interface of databases, for one database on one PostgreSQL server."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from installer.bundle.sql.migrations import Migration
from installer.database.door.running_database import CopiedDatabase, Database
from installer.database.records.backup_record import Backup
from installer.database.records.lost_tables import refuse_lost_tables
from installer.database.records.migration_refusals import refuse_blocked
from installer.database.records.migration_status import MigrationStatus
from installer.database.records.settle_migrations import Settled, baseline, resolve
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import CopyRequest, CopyRoom
from installer.database.values.facts import DatabaseFacts
from installer.database.values.rehearsal_result import Rehearsal
from installer.postgresql.backup.backup import back_up, refuse_to_back_up
from installer.postgresql.backup.backup_obstacles import refuse_obstacles
from installer.postgresql.content.content_at_one_moment import PostgreSqlMoment, at_one_moment
from installer.postgresql.content.row_counts import row_counts
from installer.postgresql.migration.history import has_no_table
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.migration.open_history import open_history
from installer.postgresql.migration.status import migration_status
from installer.postgresql.rehearsal.backup_sample import backup_seconds
from installer.postgresql.rehearsal.copy_database import copy_database
from installer.postgresql.rehearsal.copy_room import find_room
from installer.postgresql.rehearsal.rehearse_migrations import rehearse_migrations
from installer.postgresql.restore.clear_up_load import clear_up_load
from installer.postgresql.restore.database_beside import exists
from installer.postgresql.restore.prepare_restore import PreparedPostgreSqlRestore, prepare_restore
from installer.postgresql.restore.restore import restore_exactly
from installer.postgresql.server.server import connect
from installer.postgresql.server.server_facts import read_facts
from installer.screen.console import Console
from installer.system.docker.docker import Engine


@dataclass(frozen=True)
class PostgreSqlDatabase:
    """Implements a part of `Database`; each method calls the room that does the work."""

    address: DatabaseAddress

    @property
    def name(self) -> str:
        """Returns the name of the database."""
        return self.address.database

    @property
    def host(self) -> str:
        """Returns the address on which the server listens."""
        return self.address.host

    def facts(self) -> DatabaseFacts:
        """Reads the system catalogues."""
        return read_facts(self.address)

    def at_one_moment(self) -> AbstractContextManager[PostgreSqlMoment]:
        """Opens transactions that share one snapshot."""
        return at_one_moment(self.address)

    def row_counts(self, tables: Iterable[str], *, seconds: float) -> Mapping[str, int]:
        """Counts rows by count(*), without tables that take long."""
        return dict(row_counts(self.address, tables, seconds))

    def refuse_lost_tables(self, known: Sequence[str]) -> None:
        """Raises `Refused` when the schema is empty although the migrations `known` were applied."""
        with connect(self.address) as connection:
            refuse_lost_tables(known, is_empty=has_no_table(connection))

    def refuse_obstacles(self) -> None:
        """Raises `Refused` for a standby, and for a user who may not read everything."""
        with connect(self.address) as connection:
            refuse_obstacles(connection)

    def refuse_to_back_up(self, folder: Path, *, leave_out_broken_views: bool = False) -> None:
        """Raises `Refused` for such obstacles, and when `folder` has too little room."""
        refuse_to_back_up(self.address, folder)

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
        """Backs up with the dump program in the container's image; no view can be broken."""
        return back_up(
            self.address,
            folder,
            reason=reason,
            now=now,
            console=console,
            recipients=recipients,
            known_migrations=known_migrations,
            label=label,
        )

    def restore(
        self,
        backup: Backup,
        console: Console,
        *,
        safety_folder: Path | None = None,
        now: datetime | None = None,
    ) -> None:
        """Loads the backup beside the database, compares it and swaps them."""
        restore_exactly(self.address, backup, console, safety_folder=safety_folder, now=now)

    def prepare_restore(
        self,
        chosen: Backup | Path,
        console: Console,
        *,
        identity: Path | None = None,
        create_database: str | None = None,
    ) -> PreparedPostgreSqlRestore:
        """Accepts a backup of Airlock, or SQL of `pg_dump` or `pg_dumpall`."""
        return prepare_restore(
            self.address, chosen, console, identity=identity, create_database=create_database
        )

    def has_schema(self) -> bool:
        """Looks for the database in `pg_database`."""
        return exists(self.address)

    def settings_before_loading(self) -> Mapping[str, str | int]:
        """Returns none: a load changes no setting of the server."""
        return {}

    def clear_up_after_load(self, settings: Mapping[str, str | int]) -> None:
        """Ends sessions and drops databases that are not in use."""
        clear_up_load(self.address)

    def history(self, migrations: Sequence[Migration]) -> MigrationStatus:
        """Compares `_prisma_migrations` with `migrations`."""
        with connect(self.address) as connection:
            return migration_status(connection, migrations)

    def refuse_unless_deployable(self, status: MigrationStatus, pending: Sequence[Migration]) -> None:
        """Raises Prisma's refusals and Airlock's own."""
        refuse_blocked(status, pending)

    def deploy(
        self, migrations: Sequence[Migration], console: Console, *, planned: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Applies each migration in a session of its own."""
        return deploy(self.address, migrations, console, planned=planned)

    def resolve(self, migrations: Sequence[Migration], name: str, settled: Settled) -> None:
        """Writes rows in Prisma's form."""
        with open_history(self.address) as history:
            resolve(history, migrations, name, settled)

    def baseline(self, migrations: Sequence[Migration], console: Console) -> None:
        """Writes rows in Prisma's form."""
        with open_history(self.address) as history:
            baseline(history, migrations, console)

    def room_for_copy(self, engine: Engine) -> CopyRoom:
        """Measures the engine's disk and the host's memory."""
        return find_room(engine, self.address)

    def copy(self, request: CopyRequest) -> CopiedDatabase:
        """Copies with `pg_basebackup` where possible, otherwise through a dump."""
        return copy_database(request, _at)

    def rehearse(self, migrations: Sequence[Migration], console: Console) -> Rehearsal:
        """Rehearses with questions about locks among the statements."""
        return rehearse_migrations(self.address, migrations, console)

    def backup_seconds(self, data_bytes: int) -> float | None:
        """Measures the first seconds of a dump that is not kept."""
        return backup_seconds(self.address, data_bytes)


def _at(address: DatabaseAddress) -> Database:
    return cast(Database, PostgreSqlDatabase(address))  # as far as it is there
