"""Describes what one check of the preflight found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from installer.errors import AirlockError
from installer.text import _

Level = Literal["ok", "warning", "failed"]


@dataclass(frozen=True)
class Finding:
    """Holds `title`, what was found, `details`, the facts, one a line, and `hint`, what to do about it."""

    level: Level
    title: str
    details: tuple[str, ...] = ()
    hint: str = ""


def ok(title: str, *details: str) -> Finding:
    """Returns a finding that nothing prevents the import."""
    return Finding("ok", title, details)


def warning(title: str, details: Sequence[str] = (), *, hint: str = "") -> Finding:
    """Returns a finding that the import continues but a person should know."""
    return Finding("warning", title, tuple(details), hint)


def failed(title: str, details: Sequence[str] = (), *, hint: str = "") -> Finding:
    """Returns a finding that refuses the import."""
    return Finding("failed", title, tuple(details), hint)


def warning_if_any(title: str, details: Sequence[str], *, hint: str = "") -> Iterator[Finding]:
    """Yields a warning with these details; finds nothing without any."""
    if details:
        yield warning(title, details, hint=hint)


def failed_if_any(title: str, details: Sequence[str], *, hint: str = "") -> Iterator[Finding]:
    """Yields a finding that refuses the import for these details; finds nothing without any."""
    if details:
        yield failed(title, details, hint=hint)


def finding_of(problem: AirlockError) -> Finding:
    """Turns an error of a check into a finding."""
    return failed(problem.happened, problem.details, hint=problem.hint)


def obstacle_of(obstacle: OSError) -> Finding:
    """Turns a file or folder that the system denies to a check into a finding."""
    return failed(
        _("A file cannot be examined: {path}", path=obstacle.filename or "?"),
        [obstacle.strerror or str(obstacle)],
        hint=_("Run the command with sudo."),
    )
