"""Implements the interface of a database engine for MariaDB, and for MySQL where it is the same.

The rooms that do the work are imported when they are used, so that help and `verify` start without them.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.sql.migrations import Migration
from installer.database.door.database_engine import Series
from installer.database.door.drilled import Drilled, DrillRequest
from installer.database.door.kept_files import KeptFiles
from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup
from installer.mariadb.server.series import are_same, series_of, series_of_version
from installer.system.compose.compose import Service
from installer.system.docker.data_stores import folders_of, program_of_image
from installer.system.docker.docker import Container

PRODUCTS = ("MariaDB", "MySQL")
PREFIXES = ("MARIADB_", "MYSQL_")


@dataclass(frozen=True)
class MariaDbEngine:
    """Implements `DatabaseEngine`."""

    key: str = "mariadb"
    name: str = "MariaDB"
    products: tuple[str, ...] = PRODUCTS
    data_folders: tuple[str, ...] = folders_of(PRODUCTS)
    conversion: None = None  # a newer server converts the files of an older one when it starts

    def recognises(self, image: str) -> bool:
        """Judges an image by its name alone."""
        return program_of_image(image) in self.products

    def reads_any(self, settings: Collection[str]) -> bool:
        """Judges by the beginnings of the official images' variables."""
        return any(name.startswith(PREFIXES) for name in settings)

    def locate(self, service: Service, container: Container) -> Database:
        """Reads the settings of the official images."""
        from installer.mariadb.database import MariaDbDatabase
        from installer.mariadb.server.location import locate_database

        return MariaDbDatabase(locate_database(service, container))

    def answering(self) -> Callable[[Container], bool]:
        """Checks whether the server has begun to speak."""
        from installer.mariadb.server.location import answering

        return answering()

    def refused_credentials(self, service: Service, container: Container) -> str | None:
        """Tries root's credentials, the application's, and the schema."""
        from installer.mariadb.server.tried_credentials import refused_credentials

        return refused_credentials(service, container)

    def refuse_unclear_place(self, service: Service) -> None:
        """Does nothing: the service itself names the schema."""

    def moved_data(self, old: Service, new: Service, container: Container) -> str | None:
        """Returns None: the schema is that of the container, which `refused_credentials` compares."""
        return None

    def holds_data(self, folder: Path) -> bool:
        """Looks for the folder of the system tables; Bitnami's images keep everything in `data`."""
        return any((folder / part / "mysql").is_dir() for part in ("", "data"))

    def series_of_files(self, folder: Path) -> Series:
        """Returns none: newer servers convert the files of older ones, and not all name themselves there."""
        return ()

    def series_of_image(self, reference: str) -> Series:
        """Returns a series such as (10, 11) or (8, 4)."""
        return series_of(reference)

    def series_of_version(self, version: str) -> Series:
        """Returns a series such as (10, 11) or (8, 4)."""
        return series_of_version(version)

    def keeps_files(self, one: Series, other: Series) -> bool:
        """Returns whether both series may be the same: within a series, files stay compatible."""
        return are_same(one, other)

    def verify_backup(self, backup: Backup, *, identity: Path | None = None) -> None:
        """Checks digest, sizes, gzip's own checks, and the dump's last line."""
        from installer.mariadb.backup.dump_end import verify_backup

        verify_backup(backup, identity=identity)

    def drill(self, request: DrillRequest) -> Drilled:
        """Loads the dump as root of an empty server."""
        from installer.mariadb.restore.drilled_restore import restore_into_scratch

        return restore_into_scratch(request)

    def over_files(self, files: KeptFiles) -> Database:
        """Starts a server that only reads, where it is one of MariaDB."""
        from installer.mariadb.database import MariaDbDatabase
        from installer.mariadb.rehearsal.server_over_files import start_over_files

        return MariaDbDatabase(start_over_files(files))

    def bytes_over_files(self, product: str, file_bytes: int) -> int:
        """Returns little for MariaDB, whose server only reads; one of MySQL copies what it opens."""
        return 0 if product == self.name else file_bytes

    def may_lose_values(self, migration: Migration) -> bool:
        """Judges the script by its text."""
        from installer.mariadb.losses.may_lose_values import may_lose_values

        return may_lose_values(migration)


MARIADB = MariaDbEngine()
