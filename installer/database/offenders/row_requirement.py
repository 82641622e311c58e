"""Defines one new requirement that a statement sets for rows, and the table it applies to."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["unique", "incoming", "null", "added", "type", "reference", "check"]


@dataclass(frozen=True)
class RowRequirement:
    """Describes one new requirement for the rows of `table`.

    `what` and `to` describe it: columns and index, column and type, columns and parent, name and clause.
    `select` finds the rows that violate it, `groups` counts them, as `n`, for each value they share;
    `doubtful` finds rows for which it is not known. An empty one is not known. `reads` are the columns they
    name.
    """

    kind: Kind
    table: str
    what: str
    to: str = ""
    select: str = ""
    groups: str = ""
    doubtful: str = ""
    reads: frozenset[tuple[str, str]] = frozenset()
