"""What a copy of a live database needs: its original, the server to come, and room."""

from dataclasses import dataclass
from pathlib import Path

from installer.database.values.running import OldDatabase
from installer.screen.console import Console
from installer.system.compose.compose import Service
from installer.system.docker.docker import Engine
from installer.system.docker.scratch import Scratch
from installer.system.files.reserve import RESERVE_BYTES

GUARDED_BYTES = 2 * RESERVE_BYTES  # while the copy grows: nobody looks more than ten times a second


@dataclass(frozen=True)
class CopyRoom:
    """The disk the copy lies on, and what the copy takes there at first.

    `data_bytes` are the rows of the schema, `memory_bytes` is what a second server may take.
    """

    place: Path
    data_bytes: int
    copy_bytes: int
    memory_bytes: int


@dataclass(frozen=True)
class CopyRequest:
    """The live database, and the image (by its ID) and service of the release that the copy is made for."""

    engine: Engine
    scratch: Scratch
    live: OldDatabase
    image: str
    service: Service
    room: CopyRoom
    console: Console
