"""Defines what a PostgreSQL server says: an answer to a statement, the fields of an error or a notice."""

from collections.abc import Mapping
from dataclasses import dataclass

Fields = Mapping[
    str, str
]  # by the protocol's letters: S severity, C SQLSTATE, M message, D detail, H hint, …
CHANGING = ("INSERT", "UPDATE", "DELETE", "MERGE", "COPY")


@dataclass(frozen=True)
class Answer:
    """Holds the server's tag for one statement, such as `INSERT 0 3` or `CREATE TABLE`."""

    tag: str

    @property
    def rows(self) -> int | None:
        """Returns how many rows the statement changed; None for any that changes none."""
        words = self.tag.split()
        return int(words[-1]) if words[0] in CHANGING else None
