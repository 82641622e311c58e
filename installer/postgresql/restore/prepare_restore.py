"""Prepares the restore of the chosen file: a backup of Airlock, or a dump without a record."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installer.database.records.backup_record import Backup
from installer.database.values.address import DatabaseAddress
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.database_beside import exists
from installer.postgresql.restore.dump_content import content_of_dump, tell_what_is_there
from installer.postgresql.restore.dump_facts import read_facts
from installer.postgresql.restore.dump_lacks import tell_what_it_lacks
from installer.postgresql.restore.load_content import load_content, refuse_content_obstacles
from installer.postgresql.restore.restore import finish_restore, refuse_unfit_backup
from installer.postgresql.restore.restored_content import Content, content_of
from installer.screen.console import Console


@dataclass(frozen=True)
class PreparedPostgreSqlRestore:
    """Implements `PreparedRestore`: the content, and what differs between a backup and a mere dump."""

    address: DatabaseAddress
    wanted: Content
    console: Console
    refuse_unfit: Callable[[], None]
    finish: Callable[[], None]

    @property
    def name(self) -> str:
        """Returns the name of the file."""
        return self.wanted.name

    @property
    def create_database(self) -> str:
        """Returns the statements that create the database."""
        return self.wanted.create_database

    def refuse_obstacles(self, safety_folder: Path | None) -> None:
        """Raises `Refused` for an unfit backup, for too little room, and for obstacles to a safety backup."""
        self.refuse_unfit()
        refuse_content_obstacles(self.address, self.wanted, safety_folder)

    def is_in_place(self) -> bool:
        """Compares definitions, rows and settings with the record."""
        if not self.wanted.has_record or not exists(self.address):
            return False
        return not self.wanted.differences(picture_of(self.address))

    def load(self) -> None:
        """Loads the content beside the database, compares it, and puts it in its place at one moment."""
        load_content(self.address, self.wanted, self.console)
        self.finish()


def prepare_restore(
    address: DatabaseAddress,
    chosen: Backup | Path,
    console: Console,
    *,
    identity: Path | None = None,
    create_database: str | None = None,
) -> PreparedPostgreSqlRestore:
    """Returns the restore of `chosen`; reads a dump without a record to its end first."""
    if isinstance(chosen, Backup):
        return PreparedPostgreSqlRestore(
            address,
            content_of(address, chosen, identity=identity),
            console,
            refuse_unfit=lambda: refuse_unfit_backup(address, chosen, console, identity),
            finish=lambda: finish_restore(address, chosen, console),
        )
    dump = read_facts(chosen, address, console)
    tell_what_it_lacks(address, dump, console)
    return PreparedPostgreSqlRestore(
        address,
        content_of_dump(address, dump, create_database),
        console,
        refuse_unfit=lambda: None,
        finish=lambda: tell_what_is_there(address, dump, console),
    )
