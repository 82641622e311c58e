"""A program that hangs is named, and one that is only slow is waited for."""

import os
import time
from pathlib import Path

import pytest

from installer.system.docker.docker_command import ask_docker
from installer.system.engine_problems import EngineSilent
from installer.system.process.patience import Patience
from installer.system.process.process import started
from installer.system.process.streaming import reading_from


@pytest.fixture
def hung_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that hangs, as when the engine is stopped by a debugger or a frozen disk."""
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


def test_a_command_that_hangs_is_named_with_its_seconds_and_what_to_check(hung_docker: None) -> None:
    with pytest.raises(EngineSilent) as silent:
        ask_docker(("docker", "inspect", "db"), timeout_seconds=1)
    assert str(silent.value) == (
        "The Docker engine does not answer.\n"
        "  `docker inspect db` did not finish within 1 seconds.\n"
        "Check whether it answers: docker version; and its log: journalctl -u docker -n 50"
    )


def await_end_of(words: tuple[str, ...], patience: Patience) -> int:
    with started(words, dict(os.environ), None, stdout=1, stderr=2) as child:
        return patience.await_end(child)


def test_a_silent_stream_of_an_engine_that_does_not_answer_is_not_waited_for(hung_docker: None) -> None:
    words = ("docker", "exec", "db", "mariadb-dump")
    began = time.monotonic()
    with pytest.raises(EngineSilent, match="`docker exec db mariadb-dump` did not finish"):
        await_end_of(words, Patience(words, look_seconds=0.5))
    assert time.monotonic() - began < 10


def test_another_program_is_waited_for_until_it_was_silent_for_too_long() -> None:
    words = ("sleep", "60")
    with pytest.raises(EngineSilent):
        await_end_of(words, Patience(words, look_seconds=0.1, most_seconds=0.3))
    assert await_end_of(("sleep", "0.5"), Patience(words, look_seconds=0.1)) == 0


def test_each_look_at_a_silent_program_is_told_and_may_end_the_wait() -> None:
    told: list[float] = []

    def tell(seconds: float) -> None:
        told.append(seconds)
        if seconds > 1:
            raise KeyError("enough")

    words = ("sleep", "60")
    with pytest.raises(KeyError):
        await_end_of(words, Patience(words, look_seconds=0.5, told=tell))
    assert told == [0.5, 1, 1.5]


def test_a_slow_stream_is_read_to_its_end() -> None:
    with reading_from(("sh", "-c", "echo a; sleep 0.3; echo b")) as stream:
        assert stream.read() == b"a\nb\n"


def test_where_pipes_cannot_be_waited_for_the_answer_is() -> None:
    patience = Patience(("sleep", "60"), look_seconds=0.1, most_seconds=0.3)
    assert patience.await_answer(lambda: b"a") == b"a"
    with pytest.raises(EngineSilent):
        patience.await_answer(lambda: time.sleep(1) or b"late")


def test_a_pipe_that_fails_while_its_answer_is_awaited_says_so() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        Patience(("cat",)).await_answer(lambda: os.read(987_654, 1))
