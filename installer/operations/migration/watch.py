"""Being told, statement by statement, how a deployment goes; the rehearsal watches one this way."""

from typing import Protocol

from installer.bundle.migrations import Migration


class Watch(Protocol):
    """Is told what happens, as it happens; must not raise."""

    def begins(self, migration: Migration) -> None:
        """The script of this migration is sent next."""

    def answers(self, rows: int | None) -> None:
        """The server has answered: how many rows a statement changed, None when it gave a result instead."""


class Unwatched:
    """Nobody watches."""

    def begins(self, migration: Migration) -> None:
        """Say nothing."""

    def answers(self, rows: int | None) -> None:
        """Say nothing."""
