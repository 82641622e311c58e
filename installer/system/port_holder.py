"""Finds the program of this machine that uses a port, as far as the user has permission to see it."""

from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
LISTENING = {"tcp": "0A", "udp": "07"}


def port_holder(port: int, protocol: str) -> str | None:
    """Returns `nginx (process 4711)`; None if it is not found, such as a process of another user."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port, protocol)}
    for process in sorted(PROC.glob("[0-9]*"), key=lambda one: int(one.name)) if sockets else ():
        if sockets.intersection(_open_files(process)):
            return f"{_name(process)} (process {process.name})"
    return None


def _inodes(port: int, protocol: str) -> Iterator[str]:
    state = LISTENING.get(protocol)
    for table in (f"{protocol}", f"{protocol}6"):
        try:
            lines = (PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in (line.split() for line in lines):
            if fields[1].endswith(f":{port:04X}") and fields[3] == state:
                yield fields[9]


def _open_files(process: Path) -> Iterator[str]:
    try:
        for link in (process / "fd").iterdir():
            yield str(link.readlink())
    except OSError:  # it ended, or belongs to another user
        return


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "?"
