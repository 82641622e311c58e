"""One thing that a statement newly demands of rows, and the table of which it demands it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from installer.mariadb.offenders.misfits import misfit
from installer.mariadb.offenders.modes import Modes
from installer.mariadb.offenders.values import TableChange
from installer.mariadb.server.queries import quoted

Kind = Literal["unique", "incoming", "null", "type", "reference", "check"]


@dataclass(frozen=True)
class Demand:
    """One thing that is newly demanded of the rows of `table`.

    `what` and `to` say it: columns and index, column and type, columns and parent, name and clause.
    `select` finds the rows that break it, `groups` counts them, as `n`, for each value they share; `doubtful`
    finds rows of which it is not known. What is empty cannot be said. `reads` are the columns they name.
    """

    kind: Kind
    table: str
    what: str
    to: str = ""
    select: str = ""
    groups: str = ""
    doubtful: str = ""
    reads: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Table:
    """A table that is there before and after a statement, `name` today."""

    name: str
    new_name: str
    change: TableChange
    modes: Modes

    def rows(self, condition: str) -> str:
        """The SELECT for the rows of today that meet a condition."""
        return f"SELECT * FROM {quoted(self.name)} WHERE {condition}"

    def unsettled(self, names: Iterable[str]) -> str:
        """The SELECT for rows whose values in these columns the server changes or refuses; empty for none.

        `names` are tomorrow's. What such a row will hold is not what an expression over today's row says.
        """
        conditions = [condition for name in names for condition in self._changing(name)]
        return self.rows(" OR ".join(f"({condition})" for condition in conditions)) if conditions else ""

    def _changing(self, name: str) -> Iterator[str]:
        new, old = self.change.after[name.lower()], self.change.origin(name)
        if old is None:
            return
        found = misfit(old, new, quoted(old.name), self.modes)
        yield from (condition for condition in (found.bad, found.doubtful) if condition)
        if old.is_nullable and not new.is_nullable and not self.modes.is_strict:
            yield f"{quoted(old.name)} IS NULL"

    def reading(self, columns: Iterable[str]) -> frozenset[tuple[str, str]]:
        """These columns with their table."""
        return frozenset((self.name, column) for column in columns)
