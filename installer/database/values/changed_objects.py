"""Lists the objects in a schema diff by name, for readers who do not need the whole diff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NOTHING = "/dev/null"  # every program that reads diffs takes it as "does not exist"
OLD, NEW, PLACE = "--- ", "+++ ", "@@ "


@dataclass(frozen=True)
class Changes:
    """Names the objects as the diff does, such as "table users"."""

    changed: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def changed_objects(diff: Sequence[str]) -> Changes:
    """Returns the objects that the lines of a `schema_diff` change, add and delete."""
    pairs = tuple(_headings(diff))
    return Changes(
        changed=tuple(old for old, new in pairs if old == new),
        new=tuple(new for old, new in pairs if old == NOTHING),
        gone=tuple(old for old, new in pairs if new == NOTHING),
    )


def _headings(diff: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields each heading; a comment deleted from a routine looks like one, but no place line follows it."""
    for old, new, place in zip(diff, diff[1:], diff[2:], strict=False):
        if old.startswith(OLD) and new.startswith(NEW) and place.startswith(PLACE):
            yield old.removeprefix(OLD), new.removeprefix(NEW)
