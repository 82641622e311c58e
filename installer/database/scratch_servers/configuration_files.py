"""Finds the configuration files that a temporary server shares with the service that it imitates."""

from dataclasses import replace
from pathlib import Path

from installer.system.compose.model import Mount, Service

FIRST_START_FILES = Path("/docker-entrypoint-initdb.d")
CONFIGURATION = Path("/etc")


def configuration_of(service: Service) -> tuple[Mount, ...]:
    """Returns the service's configuration files: every read-only mount, and every mount below /etc.

    Scripts for the first start are left out.
    """
    return tuple(
        replace(mount, read_only=True)
        for mount in service.mounts
        if mount.kind == "bind"
        and (mount.read_only or Path(mount.target).is_relative_to(CONFIGURATION))
        and not Path(mount.target).is_relative_to(FIRST_START_FILES)
        and Path(mount.source).exists()
    )
