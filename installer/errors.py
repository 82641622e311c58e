"""Defines the one tree of errors. Each states what happened, details, and the next command to run.

Raise an error where the fact is known; `installer.commands.cli` catches it once and turns its class into the
exit code.
"""

from collections.abc import Iterable
from typing import ClassVar


class AirlockError(Exception):
    """An error message for the operator: what happened, details (one per line), what to do next.

    Raise one of the subclasses: each has the exit code that docs/commands.md documents.
    """

    exit_code: ClassVar[int]

    def __init__(self, happened: str, *, details: Iterable[str] = (), hint: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.details = tuple(details)
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(
            (self.happened, *(f"  {line}" for line in self.details), *((self.hint,) if self.hint else ()))
        )


class Bug(AirlockError):
    """A bug in Airlock itself. Only `installer.commands.cli` creates one, together with a report file."""

    exit_code = 1


class UsageProblem(AirlockError):
    """The command line, airlock.yml or other user input is wrong."""

    exit_code = 2


class Refused(AirlockError):
    """A precondition is not met, and nothing has been changed."""

    exit_code = 3


class Declined(Refused):
    """The operator answered no. Shown without "Error:", because it is not an error."""


class Failed(AirlockError):
    """A dependency of Airlock failed: a program, the engine, a disk, a service.

    Code that changes something catches it and rolls back (`FailedAndRestored`, `Stuck`). So if it reaches the
    operator, nothing has been changed.
    """

    exit_code = 3


class BadPackage(AirlockError):
    """The package is damaged, altered, or not a package."""

    exit_code = 4


class AnotherRunActive(AirlockError):
    """Another run holds this site's lock."""

    exit_code = 5


class FailedAndRestored(AirlockError):
    """A change failed and was undone: the previous state runs again."""

    exit_code = 6


class Stuck(AirlockError):
    """A change failed halfway and could not be undone: manual action is required."""

    exit_code = 7


class Interrupted(AirlockError):
    """The operator interrupted the command, and all its changes have been undone."""

    exit_code = 130
