"""Runs a command and measures its cost: time, processor, memory, bytes written; also the engine's share."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from testbed.problem import TestbedProblem

LOOK_EVERY_SECONDS = 0.1
LAST_WORDS = 2000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """The cost of a run. `peak_bytes` is of its largest process, `written_bytes` is what it sent to disk."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    written_bytes: int
    engine_cpu_seconds: float
    engine_written_bytes: int
    size_bytes: int | None = None  # of the package that it made


@dataclass(frozen=True)
class _Used:
    """The usage of a process, its threads and the children that it has waited for."""

    cpu_seconds: float = 0
    written_bytes: int = 0


def watched(
    words: Sequence[str | Path], folder: Path, environment: Mapping[str, str], engine: Sequence[int]
) -> Cost:
    """Runs a command that must succeed; `engine` are the processes of the engine that it uses."""
    before = _sum(map(_used, engine))
    with TemporaryFile("w+", errors="replace") as said:
        began = time.monotonic()
        process = subprocess.Popen(
            list(map(str, words)), cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL,
            stdout=said, stderr=said,
        )  # fmt: skip
        with _high_water_mark(process.pid) as peak:
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # its figures are still readable then
        seconds, used = time.monotonic() - began, _used(process.pid)
        if process.wait():
            said.seek(0)
            raise TestbedProblem(f"{words[0]} failed. Its output:\n{said.read()[-LAST_WORDS:]}")
    after = _sum(map(_used, engine))
    return Cost(
        seconds=seconds,
        cpu_seconds=used.cpu_seconds,
        peak_bytes=max(peak),
        written_bytes=used.written_bytes,
        engine_cpu_seconds=after.cpu_seconds - before.cpu_seconds,
        engine_written_bytes=after.written_bytes - before.written_bytes,
    )


@contextmanager
def _high_water_mark(pid: int) -> Iterator[list[int]]:
    """Yields a list whose greatest number is the peak memory of the largest process below `pid`.

    It is sampled while it runs (VmHWM): ru_maxrss would include the process that a child was forked from.
    """
    found, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(LOOK_EVERY_SECONDS):
            found[0] = max([found[0], *map(_peak_bytes, family(pid))])

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def family(pid: int) -> Iterator[int]:
    """Yields the process and all its current descendants."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            for child in children.read_text().split():
                yield from family(int(child))


def _peak_bytes(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
    return 0


def _used(pid: int) -> _Used:
    """Returns the usage of a process, also of one that has ended but was not waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15]))  # user and system time, its own and its children's
    lines = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
    return _Used(ticks / TICKS, int(lines["write_bytes"]))


def _sum(used: Iterator[_Used]) -> _Used:
    every = list(used)
    return _Used(sum(one.cpu_seconds for one in every), sum(one.written_bytes for one in every))
