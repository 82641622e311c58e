"""Loads of other programs are found by their command."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.system.process.other_loads import OtherLoad, other_loads

STARTED = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], executable="/bin/sh", cwd={folder!r})
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where `sh load …` and `sh image …` wait for the end of their input."""
    for name in ("load", "image", "run"):
        (tmp_path / name).write_text("read end\n")
    return tmp_path


@pytest.fixture(params=[("load",), ("image", "load", "-i", "my images.tar"), ("run", "load")], ids=" ".join)
def another(folder: Path, request: pytest.FixtureRequest) -> Iterator[OtherLoad]:
    """A program of another program, with the name and words of a command of Docker."""
    words = ("/usr/bin/docker", *request.param)
    starter = (sys.executable, "-c", STARTED.format(folder=str(folder)), *words)
    with subprocess.Popen(starter, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        yield OtherLoad(
            int(parent.stdout.readline()), " ".join(words).replace("my images.tar", "'my images.tar'")
        )
        parent.communicate("")


def test_a_load_of_another_program_is_found_and_nothing_else(another: OtherLoad) -> None:
    assert (another in other_loads()) == ("run" not in another.command)


def test_a_load_of_this_program_is_its_own(folder: Path) -> None:
    words = ("docker", "load")
    with subprocess.Popen(words, executable="/bin/sh", cwd=folder, stdin=subprocess.PIPE) as own:
        assert own.pid not in [one.process for one in other_loads()]
        assert own.poll() is None
        own.communicate(b"")
    assert os.getpid() not in [one.process for one in other_loads()]
