"""The objects that a schema diff is about, by name: for whom the whole diff is too long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NOTHING = "/dev/null"  # what every reader of diffs takes for "not there"
OLD, NEW, PLACE = "--- ", "+++ ", "@@ "


@dataclass(frozen=True)
class Changes:
    """Objects as the diff calls them, such as "table users"."""

    changed: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def changed_objects(diff: Sequence[str]) -> Changes:
    """What the lines of a `schema_diff` are about."""
    pairs = tuple(_headings(diff))
    return Changes(
        changed=tuple(old for old, new in pairs if old == new),
        new=tuple(new for old, new in pairs if old == NOTHING),
        gone=tuple(old for old, new in pairs if new == NOTHING),
    )


def _headings(diff: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A comment that was taken out of a routine looks like a heading, but no place follows it."""
    for old, new, place in zip(diff, diff[1:], diff[2:], strict=False):
        if old.startswith(OLD) and new.startswith(NEW) and place.startswith(PLACE):
            yield old.removeprefix(OLD), new.removeprefix(NEW)
