"""Steps and their undo: a change is a row of steps, and undoing it walks the same row backwards.

`undo` must work after a crash in the middle of `do`, and a second time: it looks at what is there,
never at what `do` remembered.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from installer.screen.console import Console
from installer.text import _
from installer.workflow.journal import Journal


def nothing_to_undo() -> None:
    """The undo of a step that leaves nothing behind that matters."""


@dataclass(frozen=True)
class Step:
    """One line of work for the operator. `name` stands in the journal; `do` returns its result's words."""

    name: str
    title: str
    do: Callable[[], str]
    undo: Callable[[], None] = nothing_to_undo


def run_steps(steps: Sequence[Step], *, first: int, total: int, journal: Journal, console: Console) -> None:
    """Do every step in order, written to the journal before and after. Stops at the first that raises."""
    for number, step in enumerate(steps, first):
        with console.step(number, total, step.title) as outcome:
            journal.started(step.name)
            outcome(step.do())
            journal.finished(step.name)


def undo_steps(steps: Sequence[Step], *, journal: Journal, console: Console) -> None:
    """Undo, last first, every step the journal says was started and not yet undone."""
    begun = journal.begun()
    for step in reversed([step for step in steps if step.name in begun and step.undo is not nothing_to_undo]):
        console.say(_("Undoing: {title}", title=step.title))
        step.undo()
        with noting(console):
            journal.undone(step.name)


@contextmanager
def noting(console: Console) -> Iterator[None]:
    """For the journal on the way back, which must not end at a full disk: it can be gone a second time."""
    try:
        yield
    except OSError as obstacle:
        console.warn(_("The journal cannot be written: {problem}", problem=obstacle.strerror))
