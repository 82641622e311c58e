"""What one check of the preflight found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from installer.errors import AirlockError
from installer.text import _

Level = Literal["ok", "warning", "failed"]


@dataclass(frozen=True)
class Finding:
    """`title` says what was found, `details` the facts, one a line, `hint` what to do about it."""

    level: Level
    title: str
    details: tuple[str, ...] = ()
    hint: str = ""


def ok(title: str, *details: str) -> Finding:
    """Nothing stands against the import here."""
    return Finding("ok", title, details)


def warning(title: str, details: Sequence[str] = (), *, hint: str = "") -> Finding:
    """The import goes on, but a person should know."""
    return Finding("warning", title, tuple(details), hint)


def failed(title: str, details: Sequence[str] = (), *, hint: str = "") -> Finding:
    """The import is refused."""
    return Finding("failed", title, tuple(details), hint)


def lacking(title: str, names: Sequence[str], *, hint: str) -> Iterator[Finding]:
    """The import is refused where there are `names`, which are missing; else there is nothing to say."""
    if names:
        yield failed(title, names, hint=hint)


def finding_of(problem: AirlockError) -> Finding:
    """An error that a check ran into, as what it found."""
    return failed(problem.happened, problem.details, hint=problem.hint)


def obstacle_of(obstacle: OSError) -> Finding:
    """A file or folder that the system keeps from a check, as what it found."""
    return failed(
        _("A file cannot be examined: {path}", path=obstacle.filename or "?"),
        [obstacle.strerror or str(obstacle)],
        hint=_("Run the command with sudo."),
    )
