"""Defines the database of the old release: its service, its container and the migrations folder."""

from dataclasses import dataclass

from installer.system.compose.compose import Service
from installer.system.docker.docker import Container


@dataclass(frozen=True)
class OldDatabase:
    """Names the database's service, its container (running or not), and the package's migrations folder.

    `prisma` is the version of Prisma that the package records.
    """

    service: Service
    container: Container
    migrations: str
    prisma: str | None = None
