"""Implements the interface of a database engine for PostgreSQL.

The rooms that do the work are imported when they are used, so that help and `verify` start without them.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from installer.database.door.database_engine import Series
from installer.postgresql.server.series import are_same, series_of, series_of_version
from installer.system.compose.compose import Service
from installer.system.docker.data_stores import folders_of, program_of_image
from installer.system.docker.docker import Container

if TYPE_CHECKING:
    from installer.bundle.sql.migrations import Migration
    from installer.database.door.drilled import Drilled, DrillRequest
    from installer.database.door.kept_files import KeptFiles
    from installer.database.records.backup_record import Backup
    from installer.postgresql.conversion_by_dump import PostgreSqlConversion
    from installer.postgresql.database import PostgreSqlDatabase

PRODUCTS = ("PostgreSQL",)
PREFIXES = ("POSTGRES_", "POSTGRESQL_", "PGDATA")
IN_VOLUME = ("", "data", "*/docker")  # the volume is the data directory, or above it; images from 18 on


@dataclass(frozen=True)
class PostgreSqlEngine:
    """Implements `DatabaseEngine`."""

    key: str = "postgresql"
    name: str = "PostgreSQL"
    products: tuple[str, ...] = PRODUCTS
    data_folders: tuple[str, ...] = folders_of(PRODUCTS)

    @property
    def conversion(self) -> "PostgreSqlConversion":
        """Returns the move by dump and load: no server opens the files of another major version."""
        from installer.postgresql.conversion_by_dump import PostgreSqlConversion

        return PostgreSqlConversion()

    def recognises(self, image: str) -> bool:
        """Judges an image by its name alone."""
        return program_of_image(image) in self.products

    def reads_any(self, settings: Collection[str]) -> bool:
        """Judges by the beginnings of the official images' variables."""
        return any(name.startswith(PREFIXES) for name in settings)

    def locate(self, service: Service, container: Container) -> "PostgreSqlDatabase":
        """Reads the settings of the official images."""
        from installer.postgresql.database import PostgreSqlDatabase
        from installer.postgresql.server.location import locate_database

        return PostgreSqlDatabase(locate_database(service, container))

    def answering(self) -> Callable[[Container], bool]:
        """Checks by a query over TCP: the image's first start has a server on the socket only."""
        from installer.postgresql.server.location import answering

        return answering()

    def refused_credentials(self, service: Service, container: Container) -> str | None:
        """Tries user, password and database."""
        from installer.postgresql.server.tried_credentials import refused_credentials

        return refused_credentials(service, container)

    def refuse_unclear_place(self, service: Service) -> None:
        """Reads databases and schemas."""
        from installer.postgresql.server.location import refuse_unclear_place

        refuse_unclear_place(service)

    def moved_data(self, old: Service, new: Service, container: Container) -> str | None:
        """Compares database and schema."""
        from installer.postgresql.server.tried_credentials import moved_data

        return moved_data(old, new, container)

    def holds_data(self, folder: Path) -> bool:
        """Looks for the file that names the major version."""
        return next(_version_files(folder), None) is not None

    def series_of_files(self, folder: Path) -> Series:
        """Reads the file that names the major version."""
        try:
            return next((series_of_version(path.read_text()) for path in _version_files(folder)), ())
        except OSError:  # only root may read it
            return ()

    def series_of_image(self, reference: str) -> Series:
        """Returns a series such as (17,)."""
        return series_of(reference)

    def series_of_version(self, version: str) -> Series:
        """Returns a series such as (17,)."""
        return series_of_version(version)

    def keeps_files(self, one: Series, other: Series) -> bool:
        """Returns whether both may be the same major version: no other one opens the files."""
        return are_same(one, other)

    def verify_backup(self, backup: "Backup", *, identity: Path | None = None) -> None:
        """Checks digest, sizes, gzip's own checks, and the dump's closing words."""
        from installer.postgresql.backup.dump_end import verify_backup

        verify_backup(backup, identity=identity)

    def drill(self, request: "DrillRequest") -> "Drilled":
        """Loads roles and dump as the superuser of an empty server."""
        from installer.postgresql.drill.drilled_restore import restore_into_scratch

        return restore_into_scratch(request)

    def over_files(self, files: "KeptFiles") -> "PostgreSqlDatabase":
        """Starts a server whose writes, such as hints in rows, go elsewhere."""
        from installer.postgresql.database import PostgreSqlDatabase
        from installer.postgresql.rehearsal.server_over_files import start_over_files

        return PostgreSqlDatabase(start_over_files(files))

    def bytes_over_files(self, product: str, file_bytes: int) -> int:
        """Returns the size of the files: a server that only reads still notes in them what it found."""
        return file_bytes

    def may_lose_values(self, migration: "Migration") -> bool:
        """Judges the script by its text."""
        from installer.postgresql.losses.may_lose_values import may_lose_values

        return may_lose_values(migration)


def _version_files(folder: Path) -> Iterator[Path]:
    return (path for part in IN_VOLUME for path in folder.glob(f"{part}/PG_VERSION".lstrip("/")))


POSTGRESQL = PostgreSqlEngine()
