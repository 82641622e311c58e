"""A database that runs, as far as an import goes on with it."""

from dataclasses import dataclass

from installer.system.compose.compose import Service
from installer.system.docker.docker import Container


@dataclass(frozen=True)
class OldDatabase:
    """Its service, its container, running or not, and the package's folder of migrations."""

    service: Service
    container: Container
    migrations: str
