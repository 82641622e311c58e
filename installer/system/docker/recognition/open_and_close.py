"""Opens a connection to an address of an engine and closes it again, on every operating system."""

import socket
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from installer.system.operating_system import IS_WINDOWS
from installer.text import _

KNOCK_SECONDS = 10
DEFAULT_PORT = 2375


def open_and_close(address: str) -> bool:
    """Connects, and returns whether the other end is on this machine; of SSH it connects to nothing.

    Raises `OSError` unless the address accepts connections, or `ValueError` if it is none.
    """
    parts = urlsplit(address)
    if parts.scheme == "ssh":
        return False
    if parts.scheme == "unix":
        _knock_at_socket(parts.path)
        return True
    if parts.scheme == "npipe":
        _knock_at_pipe(Path(parts.path))
        return True
    place = (parts.hostname, parts.port or DEFAULT_PORT)
    with closing(socket.create_connection(place, timeout=KNOCK_SECONDS)) as door:
        return _is_here(door.getsockname()[0], door.getpeername()[0])


def _knock_at_socket(path: str) -> None:
    if IS_WINDOWS:
        raise ValueError(_("Python on Windows connects to no Unix socket"))
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(KNOCK_SECONDS)
        door.connect(path)


def _knock_at_pipe(path: Path) -> None:
    """Opens a named pipe of Windows, such as `//./pipe/docker_engine`; one that is busy has an engine."""
    try:
        path.open("r+b", buffering=0).close()
    except (FileNotFoundError, PermissionError):
        raise
    except OSError:
        return


def _is_here(own: str, other: str) -> bool:
    """Returns whether both ends of a connection are on this machine: they have the same address."""
    return own == other or ip_address(other).is_loopback
