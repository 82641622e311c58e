"""Defines steps: a run is a row of them, walked forward, resumed after a crash, or undone last first.

Everything about a step is in one place. `do`, `undo` and `is_done` examine the actual state, never what an
earlier call remembered: each must work after a crash in the middle of the other, and a second time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from installer.errors import AirlockError
from installer.screen.console import Console
from installer.text import _
from installer.workflow.journal import Journal


def nothing_to_undo() -> None:
    """Does nothing: the undo of a step that leaves no trace that matters."""


def do_again() -> bool:
    """Returns False: a step that a resumed run carries out again, because that is harmless and fast."""
    return False


def never(_failure: AirlockError) -> bool:
    """Returns False: no failed step is carried out a second time."""
    return False


def leaves_nothing_changed() -> tuple[str, ...]:
    """Returns no line: the undo of this step takes back all that it changed."""
    return ()


@dataclass(frozen=True)
class Step:
    """A step: its line for the operator, and how to do it, to undo it, and to see that it is done.

    The journal records `name`; a step without `title` has no line of its own. `do` returns the result's text.
    `leaves_changed` returns a line for everything that stays changed after the undo, such as shared data.
    """

    name: str
    title: str
    do: Callable[[], str]
    undo: Callable[[], None] = nothing_to_undo
    is_done: Callable[[], bool] = do_again
    leaves_changed: Callable[[], Sequence[str]] = leaves_nothing_changed


def run_steps(
    steps: Sequence[Step],
    *,
    first: int,
    total: int,
    journal: Journal,
    console: Console,
    resumes: bool = False,
    is_worth_repeating: Callable[[AirlockError], bool] = never,
) -> None:
    """Runs the steps in order, recording each in the journal before and after; stops if one raises.

    The steps with a title are numbered from `first`. A run that `resumes` skips the steps that are done, and
    records nothing for those that the journal calls finished. A step whose failure `is_worth_repeating`, such
    as one of an engine being restarted, is done once more.
    """

    def carry_out(step: Step) -> str:
        is_done = resumes and step.is_done()
        if is_done and journal.has_finished(step.name):
            return _("done already")
        journal.started(step.name)
        outcome = _("done already") if is_done else _done(step, is_worth_repeating, console)
        journal.finished(step.name)
        return outcome

    number = first
    for step in steps:
        if step.title:
            with console.step(number, total, step.title) as outcome:
                outcome(carry_out(step))
            number += 1
        else:
            carry_out(step)


def _done(step: Step, is_worth_repeating: Callable[[AirlockError], bool], console: Console) -> str:
    try:
        return step.do()
    except AirlockError as failure:
        if not is_worth_repeating(failure):
            raise
        console.warn(failure.happened)
    console.say(_("This step is carried out once more."))
    return step.do()


def undo_steps(steps: Sequence[Step], *, journal: Journal, console: Console) -> None:
    """Undoes, last first, every step that was begun and is not yet undone."""
    for step in reversed(begun_of(steps, journal)):
        if step.undo is not nothing_to_undo:
            if step.title:
                console.say(_("Undoing: {title}", title=step.title))
            step.undo()
        with noting(console):
            journal.undone(step.name)


def begun_of(steps: Sequence[Step], journal: Journal) -> tuple[Step, ...]:
    """Returns the steps up to the last one that the journal lists as begun.

    They begin in this order, so also one that an older version did not record has begun.
    """
    begun = journal.begun()
    last = max((at for at, step in enumerate(steps) if step.name in begun), default=-1)
    return tuple(steps[: last + 1])


@contextmanager
def noting(console: Console) -> Iterator[None]:
    """Warns if the journal cannot be written: a full disk must not stop an undo, which may run twice."""
    try:
        yield
    except OSError as obstacle:
        console.warn(_("The journal cannot be written: {problem}", problem=obstacle.strerror))
