"""Defines how a server is moved to another major version whose files differ, and what to check before."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from installer.database.values.old_database import OldDatabase
from installer.screen.console import Console
from installer.system.compose.compose import Mount, Service
from installer.system.docker.docker import Engine, StoredImage
from installer.system.docker.scratch import Scratch

Series = tuple[int, ...]


@dataclass(frozen=True)
class DataPlace:
    """Names where a new server keeps its files: `directory` in the container.

    `mount` is the one of the service that has it, None if none has: then the files are lost with the
    container. `inside` is the way from the mount to the directory.
    """

    directory: str
    mount: Mount | None
    inside: PurePosixPath


@dataclass(frozen=True)
class ConversionRequest:
    """Names the running server, the release's image (by its ID) and service, and an empty place.

    The place is a volume or a folder of this host, by its real name; the data directory is `inside` of it.
    """

    engine: Engine
    scratch: Scratch
    live: OldDatabase
    image: str
    service: Service
    mount: Mount
    inside: PurePosixPath
    console: Console


@dataclass(frozen=True)
class TrialRequest:
    """Names the running server, and the release's image (by its ID) and service to try on an empty volume.

    `is_converted`: a conversion is planned.
    """

    engine: Engine
    scratch: Scratch
    live: OldDatabase
    image: str
    service: Service
    is_converted: bool


@dataclass(frozen=True)
class Misfit:
    """Describes what a new server lacks or does otherwise: words, facts one a line, what to do about it.

    One that `prevents` the import loses data or leaves the application without its database.
    """

    title: str
    details: tuple[str, ...]
    hint: str
    prevents: bool


class ServerConversion(Protocol):
    """Moves the content of a server to one of another major version."""

    def series_of(self, service: Service, image: StoredImage | None) -> Series:
        """Returns the series of a service's server: by its image where that is known, else by its tag.

        Empty where neither says.
        """

    def place_of(self, service: Service, image: StoredImage | None) -> DataPlace | None:
        """Returns where a service's server keeps its files; None while its image is not known well enough."""

    def misfits(self, request: TrialRequest) -> Sequence[Misfit]:
        """Starts the new server for a moment on an empty volume, and compares it with the running one.

        Raises `ServerWouldNotStart`, `Refused` if the running server cannot be asked.
        """

    def convert(self, request: ConversionRequest) -> None:
        """Fills the empty place with all content of the running server, compares both, and stops the new one.

        The running server and its files are not changed. Raises `Failed`; then the place is incomplete.
        """
