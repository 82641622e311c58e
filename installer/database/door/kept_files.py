"""Defines what a temporary server on the kept files of another one needs."""

from dataclasses import dataclass
from pathlib import Path

from installer.system.compose.compose import Service
from installer.system.docker.docker import Engine
from installer.system.docker.scratch import Scratch


@dataclass(frozen=True)
class KeptFiles:
    """Names the data directory of a server that stopped cleanly, and the image (by its ID) and service of it.

    `service` is that of the release which stopped: its environment has the credentials.
    """

    engine: Engine
    scratch: Scratch
    folder: Path
    image: str
    service: Service
