"""Describes the machine of the figures, so that others can estimate their own."""

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from testbed.command import output_of


@dataclass(frozen=True)
class Machine:
    """The machine of a run. `load` is the load average of the minute before the run."""

    cores: int
    processor: str
    memory_bytes: int
    disk: str
    system: str
    kernel: str
    load: float
    now: datetime


def this_machine(directory: Path, now: datetime) -> Machine:
    """Returns the machine's state before a run with its files in `directory`."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        processor=_line(Path("/proc/cpuinfo"), "model name", ":"),
        memory_bytes=int(_line(Path("/proc/meminfo"), "MemTotal", ":").split()[0]) * 1024,
        disk=_disk(directory),
        system=_line(Path("/etc/os-release"), "PRETTY_NAME", "=").strip('"'),
        kernel=platform.release(),
        load=os.getloadavg()[0],
        now=now,
    )


def _line(path: Path, name: str, separator: str) -> str:
    lines = (line.partition(separator) for line in path.read_text().splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "unknown")


def _disk(directory: Path) -> str:
    """Returns a text such as `ext4 on /dev/vda`."""
    _headings, values = output_of("df", "--output=fstype,source", directory).splitlines()
    kind, device = values.split()
    return f"{kind} on {device}"
