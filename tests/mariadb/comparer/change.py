"""What is changed in a restored copy, and the lines by which the comparer must name it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """`kind` is a kind of definition or a field of `Picture`; `before` is run before the backup.

    `change` is run on the restored copy; afterwards the comparer says `lines` and nothing else.
    """

    kind: str
    name: str
    before: str
    change: str
    lines: tuple[str, ...]
