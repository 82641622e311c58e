"""Finds files and folders of the host that services mount and that are missing.

The engine creates an empty folder for a missing one when it starts the service, unless the compose file
forbids it. Compose files of a packed release forbid it, except for mounts that SELinux relabels and for
sources that are only a variable; a site's own compose files usually do not.
"""

import shlex
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from installer.errors import Refused
from installer.system.compose.compose import Compose, Service
from installer.text import _


@dataclass(frozen=True)
class LostMount:
    """A missing mount source of the service with this name."""

    service: str
    source: Path

    @property
    def words(self) -> str:
        """Returns the missing path in a sentence."""
        return _("{service} needs {path}, which is missing.", service=self.service, path=self.source)


def lost_mounts(services: Iterable[Service]) -> tuple[LostMount, ...]:
    """Returns the missing mount sources of these services; an unreadable path counts as present."""
    return tuple(
        LostMount(service.name, Path(mount.source))
        for service in services
        for mount in service.mounts
        if mount.kind == "bind" and _is_lost(Path(mount.source))
    )


def refuse_lost_mounts(compose: Compose, services: Collection[str]) -> None:
    """Raises `Refused` if a service that would be stopped and started again lacks a mount source."""
    known = compose.model().services
    lost = lost_mounts(known[name] for name in services if name in known)
    if lost:
        raise Refused(
            _("Services would restart without their data. Nothing was changed."),
            details=[one.words for one in lost],
            hint=way_to_put_back(lost),
        )


def way_to_put_back(lost: Iterable[LostMount]) -> str:
    """Returns the hint for missing mounts; its command is only for those that may start empty."""
    paths = shlex.join(sorted({str(one.source) for one in lost}))
    return _("Put the missing paths back; only if they may start empty: sudo mkdir -p {paths}", paths=paths)


def _is_lost(path: Path) -> bool:
    try:
        return not path.exists()
    except PermissionError:
        return False
