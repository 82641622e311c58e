"""Defines the observer of a deployment, notified statement by statement; the rehearsal uses one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from installer.bundle.sql.migrations import Migration
from installer.mariadb.server.queries import Said

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


class Watch(Protocol):
    """Receives notifications while a deployment runs; must not raise."""

    def begins(self, migration: Migration) -> None:
        """Notifies that the script of this migration is sent next."""

    def parts(self, migration: Migration, session: "Server") -> Iterator[str]:
        """Yields the script in one or several parts, each to be sent as one command.

        Before it yields a part, it may run queries in the session that leave no trace there.
        """

    def answers(self, rows: int | None, added: Said) -> None:
        """Notifies of an answer: how many rows a statement changed, None when it gave a result instead."""


class Unwatched:
    """Ignores all notifications; a script is sent whole, as Prisma does."""

    def begins(self, migration: Migration) -> None:
        """Does nothing."""

    def parts(self, migration: Migration, session: "Server") -> Iterator[str]:
        """Yields the whole script."""
        yield migration.text

    def answers(self, rows: int | None, added: Said) -> None:
        """Does nothing."""
