"""Prepares the restore of the chosen file: a backup of Airlock, or a dump without a record."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installer.database.records.backup_record import Backup
from installer.database.values.address import DatabaseAddress
from installer.mariadb.restore.dump_content import content_of_dump, tell_what_is_there
from installer.mariadb.restore.dump_facts import read_facts
from installer.mariadb.restore.dump_lacks import tell_what_it_lacks
from installer.mariadb.restore.lost_rights import has_lost_rights
from installer.mariadb.restore.replace_content import has_schema, load_content, refuse_content_obstacles
from installer.mariadb.restore.restore import finish_restore, refuse_unfit_backup
from installer.mariadb.restore.restored_content import Content, content_of
from installer.screen.console import Console


@dataclass(frozen=True)
class PreparedMariaDbRestore:
    """Implements `PreparedRestore`: the content, and what differs between a backup and a mere dump."""

    address: DatabaseAddress
    wanted: Content
    console: Console
    refuse_unfit: Callable[[], None]
    is_as_recorded: Callable[[], bool]
    finish: Callable[[], None]

    @property
    def name(self) -> str:
        """Returns the name of the file."""
        return self.wanted.name

    @property
    def create_database(self) -> str:
        """Returns the statement that creates the schema."""
        return self.wanted.create_database

    def refuse_obstacles(self, safety_folder: Path | None) -> None:
        """Raises `Refused` for an unfit backup, for too little room, and for obstacles to a safety backup."""
        self.refuse_unfit()
        refuse_content_obstacles(self.address, self.wanted, safety_folder)

    def is_in_place(self) -> bool:
        """Compares definitions, rows and rights with the record."""
        return has_schema(self.address) and self.is_as_recorded()

    def load(self) -> None:
        """Drops the schema, creates it again, loads the content and compares it."""
        load_content(self.address, self.wanted, self.console)
        self.finish()


def prepare_restore(
    address: DatabaseAddress,
    chosen: Backup | Path,
    console: Console,
    *,
    identity: Path | None = None,
    create_database: str | None = None,
) -> PreparedMariaDbRestore:
    """Returns the restore of `chosen`; reads a dump without a record to its end first."""
    if isinstance(chosen, Backup):
        return _of_backup(address, chosen, console, identity)
    dump = read_facts(chosen, address, console)
    tell_what_it_lacks(address, dump, console)
    return PreparedMariaDbRestore(
        address,
        content_of_dump(address, dump, create_database),
        console,
        refuse_unfit=lambda: None,
        is_as_recorded=lambda: False,
        finish=lambda: tell_what_is_there(address, dump, console),
    )


def _of_backup(
    address: DatabaseAddress, backup: Backup, console: Console, identity: Path | None
) -> PreparedMariaDbRestore:
    wanted = content_of(backup, identity=identity)
    return PreparedMariaDbRestore(
        address,
        wanted,
        console,
        refuse_unfit=lambda: refuse_unfit_backup(address, backup, console, identity),
        is_as_recorded=lambda: not wanted.differences(address) and not has_lost_rights(address, backup),
        finish=lambda: finish_restore(address, backup, console),
    )
