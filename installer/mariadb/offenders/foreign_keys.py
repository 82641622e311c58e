"""Finds rows that violate new foreign keys: those that refer to a missing row."""

from collections.abc import Iterator

from installer.database.offenders.row_requirement import RowRequirement
from installer.mariadb.offenders.changed_table import Table
from installer.mariadb.offenders.columns_and_constraints import ForeignKey
from installer.mariadb.offenders.new_values import Value
from installer.mariadb.server.queries import quoted


def key_requirements(
    table: Table, before: tuple[ForeignKey, ...], after: tuple[ForeignKey, ...]
) -> Iterator[RowRequirement]:
    """Yields a requirement for each foreign key that the table does not have yet."""
    old = [(key.parent, key.pairs) for key in before if key.table == table.name]
    for key in (key for key in after if key.table == table.new_name):
        if (key.parent, key.pairs) not in old:
            yield _requirement(table, key)


def _requirement(table: Table, key: ForeignKey) -> RowRequirement:
    """Returns the requirement of a foreign key; a row with a NULL in one of its columns refers to no row."""
    columns = ", ".join(f"`{here}`" for here, _there in key.pairs)
    pairs = [(table.change.value(here, "`child`."), _there(table, key, there)) for here, there in key.pairs]
    known = [(here, there) for here, there in pairs if here is not None and there is not None]
    if len(known) < len(pairs):
        return RowRequirement("reference", table.name, columns, key.parent)
    given = " AND ".join(f"{here.sql} IS NOT NULL" for here, _there in known)
    equal = " AND ".join(f"{there.sql} = {here.sql}" for here, there in known)
    parent = table.name if _is_own(table, key) else key.parent
    select = (
        f"SELECT * FROM {quoted(table.name)} AS `child` WHERE {given}"
        f" AND NOT EXISTS (SELECT 1 FROM {quoted(parent)} AS `parent` WHERE {equal})"
    )
    reads = table.reading(name for here, _there in known for name in here.reads)
    theirs = {(parent, name) for _here, there in known for name in there.reads}
    doubtful = table.unsettled(here for here, _there in key.pairs)
    return RowRequirement("reference", table.name, columns, key.parent, select, "", doubtful, reads | theirs)


def _there(table: Table, key: ForeignKey, name: str) -> Value | None:
    if _is_own(table, key):
        return table.change.value(name, "`parent`.")
    return Value(f"`parent`.{quoted(name)}", frozenset({name}))


def _is_own(table: Table, key: ForeignKey) -> bool:
    return key.parent == table.new_name
