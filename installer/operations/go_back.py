"""Goes back: undoes a run that failed, was interrupted, or was cut off by a crash."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from installer.console import Console
from installer.errors import AirlockError, FailedAndRestored, Interrupted, Stuck
from installer.text import _
from installer.workflow.journal import Journal
from installer.workflow.step import Step, noting, undo_steps

ROLLBACK = "./airlock rollback"


def go_back(steps: Sequence[Step], journal: Journal, console: Console, reason: str) -> None:
    """Undo every step that was begun and write how that ended. Raises `Stuck` when an undo fails."""
    console.say(_("Going back to how it was before. This cannot be interrupted."))
    with uninterrupted():
        try:
            undo_steps(steps, journal=journal, console=console)
        except Exception as failure:
            with noting(console):
                journal.ended("stuck")
            raise _stuck(failure, reason) from failure
        with noting(console):
            journal.ended("restored")


def outcome_of(failure: BaseException) -> AirlockError:
    """The error that tells the person that the way back is done, after this failure."""
    if KeyboardInterrupt in (type(failure), type(failure.__cause__)):
        return Interrupted(_("Interrupted. What was begun has been undone."))
    return FailedAndRestored(
        _("The import failed. What was before is back as it was."),
        details=[reason_of(failure)],
        hint=_("Nothing needs to be done now. See the log, mend the cause, then import again."),
    )


def left_as_it_is(failure: BaseException) -> Stuck:
    """The error that tells the person that they chose to look for themselves first."""
    return Stuck(
        _("The import failed and was left as it is."),
        details=[reason_of(failure)],
        hint=_("To go back, type: {command}", command=ROLLBACK),
    )


def _stuck(failure: Exception, reason: str) -> Stuck:
    details = [_("First: {reason}", reason=reason), _("Then: {reason}", reason=reason_of(failure))]
    details += failure.details if isinstance(failure, AirlockError) else ()
    return Stuck(
        _("Going back did not succeed. A person is needed."),
        details=details,
        hint=_("Mend what is named above, then type: {command}", command=ROLLBACK),
    )


def reason_of(failure: BaseException) -> str:
    """What went wrong, in one line."""
    return failure.happened if isinstance(failure, AirlockError) else f"{type(failure).__name__}: {failure}"


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What is begun in the body is finished: Ctrl-C, a closed terminal and `kill` do not reach it."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = {number: signal.signal(number, lambda number, frame: None) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
