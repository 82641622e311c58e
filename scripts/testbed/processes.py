"""Finds the processes of a server, by the server's folder on their command lines."""

import os
import signal
import time
from pathlib import Path


def started_at(pid: int) -> str:
    """Returns the kernel's start time of a process, "" if there is none: it identifies reused process IDs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_over(pid: int) -> bool:
    """Returns whether a process has ended, even if its parent has not asked for its exit code yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def processes_of(folder: Path) -> list[int]:
    """Returns the daemons of the server in `folder`, and the processes in its containers."""
    every = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    daemons = {pid for pid in every if f"{folder}/" in _command_line(pid) and pid != os.getpid()}
    return sorted(daemons | {pid for pid in every if _parent(pid) in daemons})


def kill_all(folder: Path, *, within_seconds: float = 10) -> None:
    """Kills the remaining processes of a server; returns when they are gone."""
    deadline = time.monotonic() + within_seconds
    while (pids := processes_of(folder)) and time.monotonic() < deadline:
        for pid in pids:
            _kill(pid)
        time.sleep(0.1)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
