"""Finds the `docker load` commands of this machine that other programs run, as far as /proc shows them."""

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
LOADS = (["load"], ["image", "load"])


@dataclass(frozen=True)
class OtherLoad:
    """A running load: its process ID, and its command as it was typed."""

    process: int
    command: str


def other_loads() -> tuple[OtherLoad, ...]:
    """Returns the running loads, except those of this process."""
    return tuple(_found(sorted(PROC.glob("[0-9]*"), key=lambda one: int(one.name))))


def _found(processes: list[Path]) -> Iterator[OtherLoad]:
    for process in processes:
        try:
            words = (process / "cmdline").read_text("utf-8", "replace").split("\0")[:-1]
            if _is_load(words) and f"PPid:\t{os.getpid()}\n" not in (process / "status").read_text():
                yield OtherLoad(int(process.name), shlex.join(words))
        except OSError:  # it ended
            continue


def _is_load(words: list[str]) -> bool:
    is_docker = words != [] and Path(words[0]).name == "docker"
    return is_docker and any(words[1 : 1 + len(load)] == load for load in LOADS)
