"""Shows how the migrations change the schema, as a unified diff of the objects' definitions."""

import re
from collections.abc import Iterator
from difflib import unified_diff

from installer.bundle.layout import shown
from installer.database.values.changed_objects import NOTHING
from installer.database.values.history_row import TABLE as HISTORY
from installer.database.values.picture import Definitions, kind_in_words

OWNER_AGAIN = re.compile(r"ALTER .* OWNER TO .*;")


def schema_diff(before: Definitions, after: Definitions) -> tuple[str, ...]:
    """Returns the lines of a diff, by kind and name; empty when nothing but the history has changed."""
    return tuple(_lines(before, after))


def _lines(before: Definitions, after: Definitions) -> Iterator[str]:
    for kind in dict.fromkeys((*before, *after)):
        old, new = before.get(kind, {}), after.get(kind, {})
        for name in sorted({*old, *new}):
            if not is_of_history(name) and old.get(name) != new.get(name):
                yield from _of_object(f"{kind_in_words(kind)} {name}", old.get(name), new.get(name))


def is_of_history(name: str) -> bool:
    """Returns whether it is the table or a constraint of it, which pg_dump names behind its table."""
    return name.split(" ")[0] == HISTORY


def _of_object(title: str, old: str | None, new: str | None) -> Iterator[str]:
    was, becomes = readable(old), readable(new)
    if was == becomes:  # only blank lines or the like have changed
        was, becomes = (old or "").splitlines(), (new or "").splitlines()
    titles = (title if old is not None else NOTHING, title if new is not None else NOTHING)
    yield from (shown(line) for line in unified_diff(was, becomes, *titles, lineterm=""))


def readable(definition: str | None) -> list[str]:
    """Returns the lines without those that only repeat the owner, who is named above."""
    lines = (definition or "").splitlines()
    return [line for line in lines if line.strip() and not OWNER_AGAIN.fullmatch(line)]
