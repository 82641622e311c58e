"""Being told, statement by statement, how a deployment goes; the rehearsal watches one this way."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from installer.bundle.sql.migrations import Migration
from installer.mariadb.server.queries import Said

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


class Watch(Protocol):
    """Is told what happens, as it happens; must not raise."""

    def begins(self, migration: Migration) -> None:
        """The script of this migration is sent next."""

    def parts(self, migration: Migration, session: "Server") -> Iterator[str]:
        """The script in one part or in several, each to be sent as one command.

        Before it gives one, it may ask the session something that leaves no trace there.
        """

    def answers(self, rows: int | None, added: Said) -> None:
        """The server has answered: how many rows a statement changed, None when it gave a result instead."""


class Unwatched:
    """Nobody watches; a script is sent whole, as Prisma does."""

    def begins(self, migration: Migration) -> None:
        """Say nothing."""

    def parts(self, migration: Migration, session: "Server") -> Iterator[str]:
        """Give the whole script."""
        yield migration.text

    def answers(self, rows: int | None, added: Said) -> None:
        """Say nothing."""
