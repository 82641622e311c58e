"""Compares a database with the one that it was loaded from, on a server of another major version."""

from collections.abc import Iterator

from installer.database.values.picture import DATABASE, Picture, kind_in_words
from installer.text import _

NOT_OF_THE_CONTENT = "tablespace"


def conversion_differences(before: Picture, now: Picture, *, same_texts: bool) -> tuple[str, ...]:
    """Returns one line for each object, row or number that is missing, new or different; none when equal.

    Definitions are compared by name, as each version prints them in its own way, and the properties of the
    database by value. `same_texts`: both versions print the same value as the same text, so that checksums
    of rows are comparable; otherwise only rows are counted.
    """
    return (
        *_objects(before, now),
        *_properties(before, now),
        *_rows(before, now, same_texts=same_texts),
        *_positions(before, now),
        *([] if before.migrations == now.migrations else [_("_prisma_migrations: the rows differ")]),
        *(_("missing: the rights of {account}", account=one) for one in _lost_roles(before, now)),
    )


def _objects(before: Picture, now: Picture) -> Iterator[str]:
    for kind in sorted({*before.definitions, *now.definitions}):
        old, new = before.definitions.get(kind, {}), now.definitions.get(kind, {})
        for name in sorted({*old, *new}):
            if name not in new:
                yield _("missing: {kind} {name}", kind=kind_in_words(kind), name=name)
            elif name not in old:
                yield _("new: {kind} {name}", kind=kind_in_words(kind), name=name)


def _properties(before: Picture, now: Picture) -> Iterator[str]:
    new = now.definitions.get(DATABASE, {})
    for name, value in before.definitions.get(DATABASE, {}).items():
        if name != NOT_OF_THE_CONTENT and new.get(name) != value:
            yield _("different: {kind} {name}", kind=kind_in_words(DATABASE), name=name)


def _rows(before: Picture, now: Picture, *, same_texts: bool) -> Iterator[str]:
    for name in sorted({*before.tables, *now.tables}):
        old, new = before.tables.get(name), now.tables.get(name)
        if old is None or new is None:
            yield _("{name}: {after} rows instead of {before}", name=name,
                    after=new.rows if new else "-", before=old.rows if old else "-")  # fmt: skip
        elif old.rows != new.rows:
            yield _("{name}: {after} rows instead of {before}", name=name, after=new.rows, before=old.rows)
        elif same_texts and old.checksum != new.checksum:
            yield _("{name}: values in its rows differ", name=name)


def _positions(before: Picture, now: Picture) -> Iterator[str]:
    for name, old in before.positions.items():
        new = now.positions.get(name)
        if old != new:
            yield _("{name}: the next number is {after} instead of {before}",
                    name=name, after=new, before=old)  # fmt: skip


def _lost_roles(before: Picture, now: Picture) -> list[str]:
    return sorted({*(before.grants or {})} - {*(now.grants or {})})
