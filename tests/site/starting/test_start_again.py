"""Services that were stopped for a while start again, though the first attempts fail."""

import pytest

from installer.errors import AirlockError, Refused
from installer.site.starting.start_again import until_ready
from installer.system.compose.messages import JobFailed, NotReady
from installer.system.engine_problems import EngineAway

ILL = NotReady("Container db is not ready, and other services depend on it.", culprit="db")


def attempts_until_ready(problems: list[AirlockError], patience_seconds: float) -> int:
    made: list[str] = []

    def start() -> None:
        made.append("start")
        if problems:
            raise problems.pop(0)

    until_ready(start, patience_seconds)
    return len(made)


def test_an_ill_dependency_and_an_absent_engine_may_recover() -> None:
    away = EngineAway("The connection to the Docker engine was lost.")
    assert attempts_until_ready([ILL, away], patience_seconds=60) == 3


@pytest.mark.parametrize(
    ("problem", "patience_seconds"),
    [(JobFailed("Service job failed.", culprit="job"), 60), (Refused("The disk is full."), 60), (ILL, 0)],
)
def test_what_cannot_recover_is_not_waited_for(problem: AirlockError, patience_seconds: float) -> None:
    with pytest.raises(type(problem)):
        attempts_until_ready([problem], patience_seconds)
