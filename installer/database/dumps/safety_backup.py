"""Explains why the content that a restore replaces cannot be backed up, and the way without a backup."""

from collections.abc import Iterator
from contextlib import contextmanager

from installer.errors import Refused
from installer.text import _


class NoSafetyBackup(Refused):
    """Reports that the content that a restore replaces cannot be backed up."""


@contextmanager
def for_safety(name: str) -> Iterator[None]:
    """Says of a `Refused` of the body that it is about the safety backup; `name` is what to restore."""
    try:
        yield
    except NoSafetyBackup as obstacle:
        raise NoSafetyBackup(obstacle.happened, details=obstacle.details, hint=_without(name)) from obstacle
    except Refused as obstacle:
        raise NoSafetyBackup(
            _("The safety backup of the current content failed; nothing was changed."),
            details=(obstacle.happened, *obstacle.details, *([obstacle.hint] if obstacle.hint else ())),
            hint=_without(name),
        ) from obstacle


def _without(name: str) -> str:
    return _(
        "If the current content may be DELETED without a backup,"
        " run: ./airlock restore --no-safety-backup {name}",
        name=name,
    )
