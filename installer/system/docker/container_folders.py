"""Identifies host folders mounted in a running container, by device and inode.

A renamed folder is thus recognised, and another folder with the old name is not mistaken for it.
"""

import stat
from pathlib import Path

from installer.system.docker.containers import Container
from installer.system.docker.docker_command import ask_docker

Identity = tuple[int, int]  # device, inode


def folder_on_host(path: Path) -> Identity | None:
    """Returns the identity of a folder of this host; None if it does not exist. Raises `PermissionError`."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None


def folder_inside(container: Container, place: str) -> Identity | None:
    """Returns the identity of the folder that a container has mounted at `place`; None if it is unknown.

    Reads the container's own view of its files (proc(5), root); without permission, runs a program in it.
    """
    if not container.is_up or not container.pid:
        return None
    root = Path(f"/proc/{container.pid}/root")
    try:
        if _is_process_of(container) and not _leads_elsewhere(root, place):
            return folder_on_host(root / place.lstrip("/"))
    except PermissionError:
        return _asked(container, place)
    return _asked(container, place)


def _is_process_of(container: Container) -> bool:
    """Returns whether the process belongs to the container: a remote engine's IDs are of another machine."""
    try:
        return container.id in Path(f"/proc/{container.pid}/cgroup").read_text()
    except OSError:
        return False


def _leads_elsewhere(root: Path, place: str) -> bool:
    """Returns whether the path contains a link: seen from outside, an absolute one leaves the container."""
    parts = Path(place.lstrip("/"))
    ways = [root / part for part in (parts, *parts.parents) if part != Path()]
    return any(stat.S_ISLNK(way.lstat().st_mode) for way in ways if way.exists())


def _asked(container: Container, place: str) -> Identity | None:
    if not container.is_running:
        return None
    said = ask_docker(
        ("docker", "exec", "--env", "LC_ALL=C", container.id, "stat", "-L", "-c", "%F %d %i", place)
    )
    match said.stdout.split():
        case ["directory", device, inode] if not said.exit_code:
            return int(device), int(inode)
        case _:
            return None
