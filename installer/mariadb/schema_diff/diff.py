"""Shows how the migrations change the schema, as a unified diff of the objects' definitions."""

from collections.abc import Iterator
from difflib import unified_diff

from installer.bundle.layout import shown
from installer.database.values.changed_objects import NOTHING
from installer.database.values.picture import Definitions, kind_in_words
from installer.mariadb.schema_diff.object_definitions import create_statement, without_history


def schema_diff(before: Definitions, after: Definitions) -> tuple[str, ...]:
    """Returns the lines of a diff, by kind and name; empty when nothing has changed."""
    return tuple(_lines(without_history(before), without_history(after)))


def _lines(before: Definitions, after: Definitions) -> Iterator[str]:
    for kind in dict.fromkeys((*before, *after)):
        old, new = before.get(kind, {}), after.get(kind, {})
        for name in sorted({*old, *new}):
            yield from _of_object(f"{kind_in_words(kind)} {name}", old.get(name), new.get(name))


def _of_object(title: str, old: str | None, new: str | None) -> Iterator[str]:
    if old == new:
        return
    was, becomes = _readable(old), _readable(new)
    if was == becomes:  # only the context of the statement has changed
        was, becomes = (old or "").splitlines(), (new or "").splitlines()
    yield from (
        shown(line)
        for line in unified_diff(
            was,
            becomes,
            title if old is not None else NOTHING,
            title if new is not None else NOTHING,
            lineterm="",
        )
    )


def _readable(definition: str | None) -> list[str]:
    return [] if definition is None else create_statement(definition).splitlines()
