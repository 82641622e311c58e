"""Defines a restore drill: what it needs, and what it measures."""

from dataclasses import dataclass
from pathlib import Path

from installer.database.records.backup_record import Backup
from installer.screen.console import Console
from installer.system.compose.compose import Service
from installer.system.docker.docker import Engine
from installer.system.docker.scratch import Scratch


@dataclass(frozen=True)
class DrillRequest:
    """Names the backup, and the image (by its ID) and service of the release that the temporary server runs.

    `place` is the folder whose disk the restored data is written to, `identity` the key to an encrypted
    backup.
    """

    engine: Engine
    scratch: Scratch
    backup: Backup
    identity: Path | None
    image: str
    service: Service
    place: Path
    console: Console


@dataclass(frozen=True)
class Drilled:
    """Holds the outcome of a drill: `problems` are lines for people, none if the restore succeeded.

    `seconds` is the time of reading, loading and comparing, None where the backup was too damaged to load.
    `server_version` is the version of the temporary server, empty where none was started. `was_exact`:
    definitions and values were compared, not only names and numbers of rows.
    """

    problems: tuple[str, ...]
    seconds: float | None = None
    server_version: str = ""
    was_exact: bool = False
