"""Defines steps with their undo: a change is a sequence of steps, which an undo walks backwards.

`undo` must work after a crash in the middle of `do`, and a second time: it examines the actual state, never
what `do` remembered.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from installer.screen.console import Console
from installer.text import _
from installer.workflow.journal import Journal


def nothing_to_undo() -> None:
    """Does nothing: the undo of a step that leaves no trace that matters."""


@dataclass(frozen=True)
class Step:
    """A step, one line for the operator. The journal records `name`; `do` returns the result's text."""

    name: str
    title: str
    do: Callable[[], str]
    undo: Callable[[], None] = nothing_to_undo


def run_steps(steps: Sequence[Step], *, first: int, total: int, journal: Journal, console: Console) -> None:
    """Runs the steps in order, recording each in the journal before and after; stops if one raises."""
    for number, step in enumerate(steps, first):
        with console.step(number, total, step.title) as outcome:
            journal.started(step.name)
            outcome(step.do())
            journal.finished(step.name)


def undo_steps(steps: Sequence[Step], *, journal: Journal, console: Console) -> None:
    """Undoes, last first, every step that the journal lists as started and not yet undone."""
    begun = journal.begun()
    for step in reversed([step for step in steps if step.name in begun and step.undo is not nothing_to_undo]):
        console.say(_("Undoing: {title}", title=step.title))
        step.undo()
        with noting(console):
            journal.undone(step.name)


@contextmanager
def noting(console: Console) -> Iterator[None]:
    """Warns if the journal cannot be written: a full disk must not stop an undo, which may run twice."""
    try:
        yield
    except OSError as obstacle:
        console.warn(_("The journal cannot be written: {problem}", problem=obstacle.strerror))
