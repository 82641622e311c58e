"""Checks whether this host has disk space and memory for a second database server."""

from pathlib import Path

from installer.database.values.problems import CannotRehearse
from installer.screen.console import size
from installer.system.files.files import free_bytes
from installer.text import _

LEAST_MEMORY_BYTES = 256 * 1024**2
MOST_MEMORY_BYTES = 4 * 1024**3
SYSTEM_FILES_BYTES = 128 * 1024**2


def expect_disk(place: Path, needed_bytes: int) -> None:
    """Raises `CannotRehearse` unless `needed_bytes` are free at `place`."""
    there_bytes = free_bytes(place)
    if there_bytes < needed_bytes:
        raise CannotRehearse(
            _("There is not enough room for a copy of the database."),
            details=[
                _(
                    "On the disk of {place}: {needed} needed, {free} free",
                    place=place,
                    needed=size(needed_bytes),
                    free=size(there_bytes),
                )
            ],
            hint=_("Make room there; see how much there is: df -h"),
        )


def server_memory_bytes(available_bytes: int | None) -> int:
    """Returns the memory for a second server: half of the available memory. Raises `CannotRehearse`."""
    if available_bytes is None:
        return LEAST_MEMORY_BYTES
    if available_bytes < 2 * LEAST_MEMORY_BYTES:
        raise CannotRehearse(
            _("There is too little memory for a second database server."),
            details=[
                _(
                    "{needed} needed, {free} free",
                    needed=size(2 * LEAST_MEMORY_BYTES),
                    free=size(available_bytes),
                )
            ],
            hint=_("Check the memory usage: free -h"),
        )
    return min(available_bytes // 2, MOST_MEMORY_BYTES)
