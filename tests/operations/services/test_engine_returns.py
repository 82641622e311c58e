"""An engine that is away for a moment is waited for."""

import io
import itertools

import pytest

from installer.errors import AirlockError, Refused
from installer.operations.services.engine_returns import was_restarted, with_engine
from installer.screen.console import Console
from installer.system.engine_problems import EngineAway, was_away
from installer.system.process.process import Completed, ToolFailed


def quiet() -> Console:
    return Console(story=io.StringIO())


def caused_by(cause: BaseException) -> Refused:
    failure = Refused("The engine could not load the images.")
    failure.__cause__ = cause
    return failure


def tool_failed(said: str) -> ToolFailed:
    return ToolFailed(Completed(("docker", "load"), 1, "", said))


@pytest.mark.parametrize(
    ("failure", "away"),
    [
        (EngineAway("The connection to the Docker engine was lost."), True),
        (caused_by(EngineAway("The connection to the Docker engine was lost.")), True),
        (tool_failed("Cannot connect to the Docker daemon at unix:///run/docker.sock."), True),
        (caused_by(tool_failed("error during connect: Post: EOF\n")), True),
        (tool_failed("open /var/lib/docker/tmp: no space left on device"), False),
        (Refused("The disk is full."), False),
    ],
)
def test_an_engine_that_was_away_is_known_by_the_failure(failure: AirlockError, away: bool) -> None:
    assert was_away(failure) is away


def test_what_failed_because_the_engine_was_away_is_done_again_after_it_came_back() -> None:
    done: list[str] = []
    answers = itertools.chain((False, False), itertools.repeat(True))

    def do() -> str:
        done.append("do")
        if len(done) == 1:
            raise EngineAway("The connection to the Docker engine was lost.")
        return "loaded"

    result = with_engine(do, lambda: next(answers), quiet(), lambda: done.append("start the old release"))
    assert (result, done) == ("loaded", ["do", "start the old release", "do"])


def test_an_engine_that_is_there_again_at_once_was_away_all_the_same() -> None:
    assert was_restarted(EngineAway("The connection to the Docker engine was lost."), lambda: True, quiet())


def test_another_failure_of_an_engine_that_stays_is_not_repeated() -> None:
    def do() -> str:
        raise Refused("The disk is full.")

    with pytest.raises(Refused):
        with_engine(do, lambda: True, quiet(), lambda: None)
