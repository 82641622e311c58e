"""Watching real programs."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmark.images.watched import Cost, watched
from testbed.problem import TestbedProblem

MB = 1000**2
BUSY = """
import time
x, end = bytearray(90_000_000), time.process_time() + 0.4
while time.process_time() < end: continue
"""
WRITING = "import os; f = open('x', 'wb'); f.write(bytes(20_000_000)); f.flush(); os.fsync(f.fileno())"


def watch(folder: Path, *words: str) -> Cost:
    return watched(words, folder, os.environ, [os.getpid()])


def test_processor_and_memory_are_those_of_the_whole_family(tmp_path: Path) -> None:
    cost = watch(tmp_path, "sh", "-c", '"$@"; exit', "sh", sys.executable, "-c", BUSY)
    assert 90 * MB < cost.peak_bytes < 150 * MB
    assert 0.4 <= cost.cpu_seconds < 2
    assert cost.seconds >= 0.4


def test_what_a_child_writes_counts() -> None:
    with TemporaryDirectory(dir="/var/tmp") as folder:  # not in memory, as /tmp may be
        cost = watch(Path(folder), "sh", "-c", '"$@"; exit', "sh", sys.executable, "-c", WRITING)
    assert 20 * MB <= cost.written_bytes < 21 * MB


def test_a_command_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(TestbedProblem, match="no such engine"):
        watch(tmp_path, "sh", "-c", "echo no such engine >&2; exit 3")
