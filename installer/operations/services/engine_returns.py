"""Waits for an engine that is being restarted, and repeats what failed meanwhile."""

import time
from collections.abc import Callable
from typing import TypeVar

from installer.errors import AirlockError
from installer.screen.console import Console
from installer.system.engine_problems import was_away
from installer.text import _

ENGINE_RETURNS_SECONDS = 120.0
ENGINE_LEAVES_SECONDS = 3.0
POLL_SECONDS = 0.5
EngineAnswers = Callable[[], bool]
Result = TypeVar("Result")


def with_engine(
    do: Callable[[], Result], engine_answers: EngineAnswers, console: Console, meanwhile: Callable[[], None]
) -> Result:
    """Does it, and once more if it failed because the engine was restarted, which must be harmless.

    Calls `meanwhile` before the second time.
    """
    try:
        return do()
    except AirlockError as failure:
        if not was_restarted(failure, engine_answers, console):
            raise
        console.warn(failure.happened)
    console.say(_("The Docker engine was restarted. This step is carried out once more."))
    meanwhile()
    return do()


def was_restarted(failure: BaseException, engine_answers: EngineAnswers, console: Console) -> bool:
    """Returns whether the engine was away at this failure, or leaves now, and answers again."""
    if was_away(failure):
        came_back(engine_answers, console)
        return engine_answers()
    return came_back(engine_answers, console, ENGINE_LEAVES_SECONDS)


def came_back(engine_answers: EngineAnswers, console: Console, leaves_seconds: float = 0) -> bool:
    """Returns whether the engine was away, or stops within `leaves_seconds`, and answers again."""
    if not _happens(lambda: not engine_answers(), leaves_seconds):
        return False
    message = _("Waiting for the Docker engine to answer again.")
    console.say(message)
    with console.waiting(message):
        return _happens(engine_answers, ENGINE_RETURNS_SECONDS)


def _happens(condition: Callable[[], bool], within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
