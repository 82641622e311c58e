"""A FIFO between a container and us: bytes come through, and where it cannot be there is none."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.system.docker.container_pipe import READ_FROM, pipe_from_container, pipe_into_container
from installer.system.process.streaming import reading_from, writing_to

pytestmark = pytest.mark.engine


def docker(*words: str) -> str:
    return subprocess.run(("docker", *words), check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@pytest.fixture
def container() -> Iterator[str]:
    """One that only waits; its image cannot be written, and its user is nobody."""
    name = docker("run", "-d", "--read-only", "--user", "65534", "busybox:1", "sleep", "600")
    yield name
    docker("rm", "--force", name)


def test_what_a_program_in_the_container_writes_is_read_here(container: str) -> None:
    with pipe_from_container(container) as fifo:
        assert fifo is not None
        words = ("docker", "exec", container, "sh", "-c", f"seq 1 100000 > {fifo.inside}")
        with reading_from(words, fifo=fifo.outside) as stream:
            assert stream.read().count(b"\n") == 100_000
    assert docker("exec", container, "ls", "/dev/shm") == ""


def test_what_we_write_is_read_by_a_program_in_the_container(container: str) -> None:
    with pipe_into_container(container) as fifo:
        assert fifo is not None
        words = ("docker", "exec", container, *READ_FROM, fifo.inside, "wc", "-l")
        with tempfile.TemporaryFile() as told:
            with writing_to(words, stdout=told, fifo=fifo.outside) as stream:
                stream.write(b"line\n" * 100_000)
            told.seek(0)
            assert told.read() == b"100000\n"
    assert docker("exec", container, "ls", "/dev/shm") == ""


def test_a_container_that_does_not_run_has_none(container: str) -> None:
    docker("kill", container)
    with pipe_from_container(container) as fifo:
        assert fifo is None


def test_where_there_is_no_such_container_there_is_none() -> None:
    with pipe_from_container("no-such-container") as fifo:
        assert fifo is None


def test_a_process_number_of_another_machine_gives_none(
    container: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an engine elsewhere, the number of the container's process means another process here."""
    with subprocess.Popen(("sleep", "600")) as other:
        lying = tmp_path / "docker"
        lying.write_text(f'#!/bin/sh\n[ "$1" = inspect ] && exec echo {other.pid}\nexec {_docker()} "$@"\n')
        lying.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        with pipe_from_container(container) as fifo:
            assert fifo is None
        other.kill()
    assert not list(Path("/dev/shm").glob("airlock-*"))


def _docker() -> str:
    return subprocess.run(("which", "docker"), check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
