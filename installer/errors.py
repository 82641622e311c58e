"""The one tree of errors. Each says what happened, details, and the next command to type.

Raise where the fact is known; `installer.commands.cli` catches once and turns the class into the exit code.
"""

from collections.abc import Iterable
from typing import ClassVar


class AirlockError(Exception):
    """What is told to a person: what happened, details (one a line), what to do next.

    Raise one of the classes below: each has the exit code that README.md documents.
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
    """A mistake in Airlock itself. Only `installer.commands.cli` makes one, together with a report file."""

    exit_code = 1


class UsageProblem(AirlockError):
    """The command line, airlock.yml or another input of the person is wrong."""

    exit_code = 2


class Refused(AirlockError):
    """Something stands against it, and nothing has been changed."""

    exit_code = 3


class Declined(Refused):
    """The person said no. Told plainly, for it is no error."""


class Failed(AirlockError):
    """Something that Airlock relies on failed: a program, the engine, a disk, a service.

    Whoever changes something catches it and goes back (`FailedAndRestored`, `Stuck`). So where it reaches the
    person, nothing has been changed.
    """

    exit_code = 3


class BadPackage(AirlockError):
    """The package is damaged, altered, or not a package."""

    exit_code = 4


class AnotherRunActive(AirlockError):
    """Another run holds this site's lock."""

    exit_code = 5


class FailedAndRestored(AirlockError):
    """A change failed, and what was there before runs again."""

    exit_code = 6


class Stuck(AirlockError):
    """A change failed half-way and a person is needed."""

    exit_code = 7


class Interrupted(AirlockError):
    """The person stopped it, and what was begun has been undone."""

    exit_code = 130
