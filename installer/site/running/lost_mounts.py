"""Files and folders of the host that services mount and that are gone.

The engine makes an empty folder of one when it starts the service, unless the compose file forbids that.
Those of a packed release do, but not for mounts that SELinux relabels and sources that are a variable alone;
those of a site's own mostly do not.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from installer.system.compose.compose import Service
from installer.text import _


@dataclass(frozen=True)
class LostMount:
    """A source that is not there, of a service by its name."""

    service: str
    source: Path

    @property
    def words(self) -> str:
        """What is missing, in a line."""
        return _("{service} needs {path}, which is missing.", service=self.service, path=self.source)


def lost_mounts(services: Iterable[Service]) -> tuple[LostMount, ...]:
    """Return what these services mount and nobody finds; what one may not look at counts as there."""
    return tuple(
        LostMount(service.name, Path(mount.source))
        for service in services
        for mount in service.mounts
        if mount.kind == "bind" and _is_lost(Path(mount.source))
    )


def way_to_put_back(lost: Iterable[LostMount]) -> str:
    """What to do; a command only for what may begin empty."""
    paths = shlex.join(sorted({str(one.source) for one in lost}))
    return _("Put back what is missing. Only if it is to begin empty: sudo mkdir -p {paths}", paths=paths)


def _is_lost(path: Path) -> bool:
    try:
        return not path.exists()
    except PermissionError:
        return False
