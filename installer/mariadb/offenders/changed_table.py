"""Describes a table that a statement changes, and the SELECT for rows of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from installer.mariadb.offenders.misfits import misfit
from installer.mariadb.offenders.new_values import TableChange
from installer.mariadb.offenders.sql_modes import Modes
from installer.mariadb.server.queries import quoted


@dataclass(frozen=True)
class Table:
    """Describes a table that exists before and after a statement, as `name` in the running database."""

    name: str
    new_name: str
    change: TableChange
    modes: Modes

    def rows(self, condition: str) -> str:
        """Returns the SELECT for the present rows that meet a condition."""
        return f"SELECT * FROM {quoted(self.name)} WHERE {condition}"

    def unsettled(self, names: Iterable[str]) -> str:
        """Returns the SELECT for rows whose values in these columns the server changes or refuses.

        Empty for none. `names` are the columns' new names. For such a row, an expression over the present row
        does not give the later value.
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
        """Returns these columns with their table."""
        return frozenset((self.name, column) for column in columns)
