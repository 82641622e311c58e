"""Defines an index that a failed CONCURRENTLY left behind: it costs writes and is never read."""

from dataclasses import dataclass

from installer.bundle.layout import shown
from installer.text import _


@dataclass(frozen=True)
class InvalidIndex:
    """Names an index and its table, both as SQL writes them."""

    index: str
    table: str

    @property
    def words(self) -> str:
        """Returns one line for people, with the statement that deletes it."""
        return _(
            "Index {index} of table {table} is invalid; delete it with: DROP INDEX CONCURRENTLY {index};",
            index=shown(self.index), table=shown(self.table),
        )  # fmt: skip
