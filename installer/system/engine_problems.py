"""Defines what can be wrong with the Docker engine, whichever way it was asked: its API or a command."""

import re
import shlex
from collections.abc import Sequence

from installer.errors import Failed
from installer.system.process.process import ToolFailed
from installer.text import _

AWAY = re.compile(
    r"Cannot connect to the Docker daemon|error during connect|connection reset by peer|unexpected EOF"
    r"|\bEOF$|server is shutting down|context canceled",
    re.MULTILINE,
)


class EngineProblem(Failed):
    """The engine refused a request or failed."""


class EngineAway(EngineProblem):
    """The connection to the engine was lost, as when it is restarted."""


class EngineSilent(EngineProblem):
    """The engine, or the client that asked it, did not answer in time."""


def silent(command: Sequence[str], seconds: float) -> EngineSilent:
    """Returns the error for a command that was stopped because it took longer than `seconds`."""
    return silence(
        _(
            "`{command}` did not finish within {seconds} seconds.",
            command=shlex.join(command),
            seconds=int(seconds),
        )
    )


def silence(what: str) -> EngineSilent:
    """Returns the error; `what` was asked, and how long was waited."""
    return EngineSilent(
        _("The Docker engine does not answer."),
        details=[what],
        hint=_("Check whether it answers: docker version; and its log: journalctl -u docker -n 50"),
    )


def was_away(failure: BaseException | None) -> bool:
    """Returns whether a failure came from an engine that was away or silent."""
    while failure is not None:
        if isinstance(failure, (EngineAway, EngineSilent)):
            return True
        if isinstance(failure, ToolFailed) and AWAY.search(failure.completed.stderr):
            return True
        failure = failure.__cause__ or failure.__context__
    return False
