"""Defines the interface of a database engine, as far as it needs no running server."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

from installer.bundle.sql.migrations import Migration
from installer.database.door.drilled import Drilled, DrillRequest
from installer.database.door.kept_files import KeptFiles
from installer.database.door.running_database import Database
from installer.database.door.server_conversion import ServerConversion
from installer.database.records.backup_record import Backup
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container

Series = tuple[int, ...]


class DatabaseEngine(Protocol):
    """Describes one kind of database server; each is one value in `installer.database.engines.ENGINES`."""

    @property
    def key(self) -> str:
        """Returns its name in manifests and in records of backups."""

    @property
    def name(self) -> str:
        """Returns the product's name, as people call it."""

    @property
    def products(self) -> tuple[str, ...]:
        """Returns the products whose servers this engine serves."""

    @property
    def data_folders(self) -> tuple[str, ...]:
        """Returns the directories inside containers where servers of this kind keep their files."""

    @property
    def conversion(self) -> ServerConversion | None:
        """Returns how a server is moved to a newer series; None if a newer one converts the files itself."""

    def recognises(self, image: str) -> bool:
        """Returns whether an image is of this kind, judged by its name."""

    def reads_any(self, settings: Collection[str]) -> bool:
        """Returns whether images of this kind read one of these variables from their environment."""

    def locate(self, service: Service, container: Container) -> Database:
        """Returns the schema that the container was created with.

        Raises `Refused` when the container names none.
        """

    def answering(self) -> Callable[[Container], bool]:
        """Returns a function that checks whether the server in a container answers yet.

        A server that has answered is not asked again.
        """

    def refused_credentials(self, service: Service, container: Container) -> str | None:
        """Returns why `service` could not use the database in `container`; None where it can."""

    def refuse_unclear_place(self, service: Service) -> None:
        """Raises `Refused` if the applications' URLs name several places on the service's server.

        It is asked before the first start, when there is no container.
        """

    def moved_data(self, old: Service, new: Service, container: Container) -> str | None:
        """Returns why `new` would not find the data that `old` has in `container`, by the applications' URLs.

        None where it would. Raises `Refused` when `new` does not say where it looks.
        """

    def holds_data(self, folder: Path) -> bool:
        """Returns whether a directory of this host holds the files of such a server."""

    def series_of_files(self, folder: Path) -> Series:
        """Returns the release series that wrote the files in a directory; empty where they do not say."""

    def series_of_image(self, reference: str) -> Series:
        """Returns the release series in an image's tag; empty when the tag names none."""

    def series_of_version(self, version: str) -> Series:
        """Returns the release series in a server's version text."""

    def keeps_files(self, one: Series, other: Series) -> bool:
        """Returns whether a server of one series reads files that a server of the other series has used."""

    def verify_backup(self, backup: Backup, *, identity: Path | None = None) -> None:
        """Reads a whole backup and verifies it. Raises `Refused` when the backup is damaged."""

    def drill(self, request: DrillRequest) -> Drilled:
        """Restores a backup into a temporary server as the release runs one, and compares it with its record.

        Reaches no other server, and creates everything in the request's scratch. Raises `CannotRehearse` when
        there is too little room, `Refused` when the key does not match.
        """

    def over_files(self, files: KeptFiles) -> Database:
        """Starts a temporary server on kept files, and returns the database in it that the service uses.

        The files stay as they are: what the server writes goes to a volume of the scratch. Raises
        `ServerWouldNotStart`, and `EngineProblem` where the engine cannot mount the files so.
        """

    def bytes_over_files(self, product: str, file_bytes: int) -> int:
        """Returns the room that a server of this product may take on kept files of this size."""

    def may_lose_values(self, migration: Migration) -> bool:
        """Returns False only if no statement of the script can change values or delete rows silently."""
