"""A kind of database server, as far as it can be judged without asking a running one."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from installer.bundle.sql.migrations import Migration
from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container

Series = tuple[int, ...]


class DatabaseEngine(Protocol):
    """Each engine is one value in the table `installer.database.engines.ENGINES`."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def data_folders(self) -> tuple[str, ...]:
        """Where servers of this kind keep their files, inside their containers."""

    def recognises(self, image: str) -> bool:
        """Whether an image is of this kind, by its name."""

    def locate(self, service: Service, container: Container) -> Database:
        """Where the schema is that the container was created with. Raises `Refused` when it names none."""

    def answering(self) -> Callable[[Container], bool]:
        """A question to containers: does the server in it answer yet? Who has answered is not asked again."""

    def refused_credentials(self, service: Service, container: Container) -> str | None:
        """Why `service` could not go on with the database in `container`; None where it can."""

    def holds_data(self, folder: Path) -> bool:
        """Whether a folder of this host holds the files of such a server."""

    def series_of_image(self, reference: str) -> Series:
        """The release series by an image's tag; empty when it does not say."""

    def series_of_version(self, version: str) -> Series:
        """The release series of a server by its own words."""

    def keeps_files(self, one: Series, other: Series) -> bool:
        """Whether a server of one series reads the files that one of the other has used."""

    def verify_backup(self, backup: Backup, *, identity: Path | None = None) -> None:
        """Read a whole backup and check it. Raises `Refused` when it is damaged."""

    def may_lose_values(self, migration: Migration) -> bool:
        """False only where nothing in the script can change values or drop rows without an error."""
