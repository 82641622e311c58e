"""Defines what a copy of a running database needs: the original, the new server, and room."""

from dataclasses import dataclass
from pathlib import Path

from installer.database.values.old_database import OldDatabase
from installer.screen.console import Console
from installer.system.compose.compose import Service
from installer.system.docker.docker import Engine
from installer.system.docker.scratch import Scratch
from installer.system.files.reserve import RESERVE_BYTES

GUARDED_BYTES = 2 * RESERVE_BYTES  # room while the copy grows: the disk is checked ten times a second


@dataclass(frozen=True)
class CopyRoom:
    """Describes the disk that the copy is written to, and the room that the copy takes at first.

    `data_bytes` is the size of the schema's rows, `memory_bytes` the memory that the second server may take.
    """

    place: Path
    data_bytes: int
    copy_bytes: int
    memory_bytes: int


@dataclass(frozen=True)
class CopyRequest:
    """Names the running database, and the image (by its ID) and service of the release to copy for."""

    engine: Engine
    scratch: Scratch
    live: OldDatabase
    image: str
    service: Service
    room: CopyRoom
    console: Console
