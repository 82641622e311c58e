"""One change of a database, and how the comparer names it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """`before` is run before the backup, `change` afterwards; then the comparer says `lines`."""

    before: str
    change: str
    lines: tuple[str, ...]


def different(kind: str, name: str) -> tuple[str, ...]:
    """The line about an object that is another one."""
    return (f"different: {kind} {name}",)
