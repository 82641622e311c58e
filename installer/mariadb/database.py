"""One schema on one MariaDB server, behind the door to databases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from installer.bundle.sql.migrations import Migration
from installer.database.door.running_database import CopiedDatabase, Settled
from installer.database.records.backup_record import Backup
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.address import DatabaseAddress
from installer.database.values.copying import CopyRequest, CopyRoom
from installer.database.values.facts import DatabaseFacts
from installer.database.values.rehearsal_result import Rehearsal
from installer.mariadb.backup.backup import back_up, refuse_to_back_up
from installer.mariadb.backup.backup_obstacles import refuse_obstacles
from installer.mariadb.backup.lost_tables import refuse_lost_tables
from installer.mariadb.content.moment import MariaDbMoment, at_one_moment
from installer.mariadb.content.row_counts import row_counts
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.migration.migration_refusals import refuse_unless_deployable
from installer.mariadb.migration.resolve import baseline, resolve
from installer.mariadb.migration.status import migration_status
from installer.mariadb.rehearsal.backup_sample import backup_seconds
from installer.mariadb.rehearsal.copy_database import copy_database
from installer.mariadb.rehearsal.copy_room import find_room
from installer.mariadb.rehearsal.rehearse_migrations import rehearse_migrations
from installer.mariadb.restore.prepare_restore import prepare_restore
from installer.mariadb.restore.restore import restore_exactly
from installer.mariadb.server.programs import find_programs
from installer.mariadb.server.server import connect
from installer.mariadb.server.server_facts import read_facts
from installer.screen.console import Console
from installer.system.docker.docker import Engine


@dataclass(frozen=True)
class MariaDbDatabase:
    """Fulfils `Database`; what each method does stands in the room that it calls."""

    address: DatabaseAddress

    @property
    def name(self) -> str:
        """The name of the schema."""
        return self.address.database

    @property
    def host(self) -> str:
        """Where the server listens."""
        return self.address.host

    def facts(self) -> DatabaseFacts:
        """By information_schema and the server's variables."""
        return read_facts(self.address)

    def at_one_moment(self) -> AbstractContextManager[MariaDbMoment]:
        """By transactions that begin while the server stands still."""
        return at_one_moment(self.address)

    def row_counts(self, tables: Iterable[str], *, seconds: float) -> Mapping[str, int]:
        """By COUNT(*), as far as that is quick."""
        return dict(row_counts(self.address, tables, seconds))

    def refuse_lost_tables(self, known: Sequence[str]) -> None:
        """An empty server is no success over lost files."""
        with connect(self.address) as connection:
            refuse_lost_tables(connection, known)

    def refuse_obstacles(self) -> None:
        """What `mariadb-dump` could not keep."""
        with connect(self.address) as connection:
            refuse_obstacles(connection, find_programs(self.address.container_id))

    def refuse_to_back_up(self, folder: Path, *, leave_out_broken_views: bool = False) -> None:
        """Obstacles, and room in `folder`."""
        refuse_to_back_up(self.address, folder, leave_out_broken_views=leave_out_broken_views)

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
        """A dump by the programs of the container's image."""
        return back_up(
            self.address,
            folder,
            reason=reason,
            now=now,
            console=console,
            leave_out_broken_views=leave_out_broken_views,
            recipients=recipients,
            known_migrations=known_migrations,
        )

    def restore(
        self,
        backup: Backup,
        console: Console,
        *,
        safety_folder: Path | None = None,
        now: datetime | None = None,
    ) -> None:
        """Drop, load, compare."""
        restore_exactly(self.address, backup, console, safety_folder=safety_folder, now=now)

    def prepare_restore(
        self, chosen: Backup | Path, console: Console, *, identity: Path | None
    ) -> Callable[..., None]:
        """A backup of ours, or a dump of `mariadb-dump`, `mysqldump` or phpMyAdmin."""
        return prepare_restore(self.address, chosen, console, identity=identity)

    def history(self, migrations: Sequence[Migration]) -> MigrationStatus:
        """By `_prisma_migrations`."""
        with connect(self.address) as connection:
            return migration_status(connection, migrations)

    def refuse_unless_deployable(self, status: MigrationStatus, pending: Sequence[Migration]) -> None:
        """Prisma's refusals and our own."""
        with connect(self.address) as connection:
            refuse_unless_deployable(connection, status, pending)

    def deploy(
        self, migrations: Sequence[Migration], console: Console, *, planned: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Each in a session of its own."""
        return deploy(self.address, migrations, console, planned=planned).applied

    def resolve(self, migrations: Sequence[Migration], name: str, settled: Settled) -> None:
        """Rows shaped as Prisma shapes them."""
        resolve(self.address, migrations, name, settled)

    def baseline(self, migrations: Sequence[Migration], console: Console) -> None:
        """Rows shaped as Prisma shapes them."""
        baseline(self.address, migrations, console)

    def room_for_copy(self, engine: Engine) -> CopyRoom:
        """On the engine's disk and in memory."""
        return find_room(engine, self.address)

    def copy(self, request: CopyRequest) -> CopiedDatabase:
        """By `mariadb-backup` where it can be, else by a dump."""
        copied = copy_database(request)
        return CopiedDatabase(
            MariaDbDatabase(copied.address),
            copied.file_bytes,
            copied.reason,
            copied.copy_seconds,
            copied.start_seconds,
        )

    def rehearse(self, migrations: Sequence[Migration], console: Console) -> Rehearsal:
        """As root, in schemas that are dropped again."""
        return rehearse_migrations(self.address, migrations, console)

    def backup_seconds(self, data_bytes: int) -> float | None:
        """By the first seconds of a dump that nobody keeps."""
        return backup_seconds(self.address, data_bytes)
