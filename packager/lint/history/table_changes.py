"""Applies changes to a single table."""

from dataclasses import replace

from packager.lint.history.changes import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    Change,
    ChangeColumn,
    ChangeDefault,
    ConvertCharset,
    DropColumn,
    DropConstraint,
    DropForeignKey,
    DropIndex,
    DropPrimaryKey,
    RenameColumn,
    RenameIndex,
)
from packager.lint.history.tables import Column, ForeignKey, Index, Table, same, serves


def altered(table: Table, change: Change) -> Table:
    """Returns the table after a change to it."""
    match change:
        case AddColumn(column=column, if_missing=if_missing):
            is_there = if_missing and table.column(column.name) is not None
            return table if is_there else _with_column(table, column)
        case ChangeColumn(name=name, column=column):
            return _with_column(_renamed_column(table, name, column.name), column)
        case RenameColumn(name=name, to=to):
            return _renamed_column(table, name, to)
        case DropColumn(name=name):
            return _without_column(table, name)
        case ChangeDefault(name=name, default=default):
            found = table.column(name)
            return _put(table, replace(found, default=default)) if found else table
        case AddIndex() | RenameIndex() | DropIndex() | AddPrimaryKey() | DropPrimaryKey():
            return _with_other_keys(table, change)
        case AddForeignKey() | DropForeignKey() | AddCheck() | DropConstraint():
            return _with_other_constraints(table, change)
        case ConvertCharset(charset=charset, collation=collation):
            columns = {
                name: replace(column, charset=column.charset and charset, collation=None)
                for name, column in table.columns.items()
            }
            return replace(table, charset=charset, collation=collation, columns=columns)
        case _:
            return table


def _with_column(table: Table, column: Column) -> Table:
    table = _put(table, column)
    if column.is_unique:
        table = altered(table, AddIndex(table.name, Index(column.name, (column.name,), "unique")))
    if column.is_primary:
        table = replace(table, primary_key=(column.name,))
    if column.references is not None:
        table = altered(table, AddForeignKey(table.name, column.references))
    return table


def _put(table: Table, column: Column) -> Table:
    return replace(table, columns={**table.columns, column.name.lower(): column})


def _renamed_column(table: Table, name: str, to: str) -> Table:
    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(to if one.lower() == name.lower() else one for one in names)

    renamed_columns = {
        column.name.lower(): column
        for was in table.columns.values()
        for column in (replace(was, name=to) if same(was.name, name) else was,)
    }
    return replace(
        table,
        columns=renamed_columns,
        primary_key=renamed(table.primary_key),
        indexes=tuple(replace(i, columns=renamed(i.columns)) for i in table.indexes),
        foreign_keys=tuple(replace(k, columns=renamed(k.columns)) for k in table.foreign_keys),
    )


def _without_column(table: Table, name: str) -> Table:
    def left(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in names if one.lower() != name.lower())

    indexes = (replace(index, columns=left(index.columns)) for index in table.indexes)
    return replace(
        table,
        columns={key: column for key, column in table.columns.items() if key != name.lower()},
        primary_key=left(table.primary_key),
        indexes=tuple(index for index in indexes if index.columns),
        foreign_keys=tuple(key for key in table.foreign_keys if left(key.columns) == key.columns),
    )


def _with_other_keys(table: Table, change: Change) -> Table:
    match change:
        case AddIndex(index=index, if_missing=if_missing):
            is_there = if_missing and any(same(one.name, index.name or "") for one in table.indexes)
            return table if is_there else _with_index(table, index)
        case RenameIndex(name=name, to=to):
            indexes = (replace(i, name=to) if same(i.name, name) else i for i in table.indexes)
            return replace(table, indexes=tuple(indexes))
        case DropIndex(name=name) if name.upper() != "PRIMARY":
            return replace(table, indexes=tuple(i for i in table.indexes if not same(i.name, name)))
        case AddPrimaryKey(columns=columns):
            return _put_all_not_null(replace(table, primary_key=columns))
        case _:
            return replace(table, primary_key=())


def _with_index(table: Table, index: Index) -> Table:
    """Adds an index, named as the server names it; it replaces an implicit index of a foreign key."""
    left = tuple(
        one
        for one in table.indexes
        if not (one.is_implicit and index.kind in ("index", "unique") and serves(index.columns, one.columns))
    )
    names = {(one.name or "").lower() for one in left}
    name, first = index.name, (*index.columns, "")[0]
    numbered = (f"{first}_{number}" for number in range(2, len(names) + 3))
    if name is None and first:
        name = next(one for one in (first, *numbered) if one.lower() not in names)
    return replace(table, indexes=(*left, replace(index, name=name)))


def _with_foreign_key(table: Table, key: ForeignKey) -> Table:
    """Adds a foreign key, with the index that the server makes if no other index supports it."""
    numbers = [_number(table, one) for one in table.foreign_keys]
    name = key.name or f"{table.name}_ibfk_{max(numbers, default=0) + 1}"
    table_with = replace(table, foreign_keys=(*table.foreign_keys, replace(key, name=name)))
    if any(
        serves(columns, key.columns) for columns in (table.primary_key, *(i.columns for i in table.indexes))
    ):
        return table_with
    return _with_index(table_with, Index(key.name, key.columns, is_implicit=True))


def _number(table: Table, key: ForeignKey) -> int:
    """Returns the number in a name given by the server, 0 for other names."""
    stem, _, number = (key.name or "").rpartition("_")
    return int(number) if stem == f"{table.name}_ibfk" and number.isdecimal() else 0


def _put_all_not_null(table: Table) -> Table:
    for name in table.primary_key:
        column = table.column(name)
        table = _put(table, replace(column, is_nullable=False)) if column else table
    return table


def _with_other_constraints(table: Table, change: Change) -> Table:
    match change:
        case AddForeignKey(key=key):
            return _with_foreign_key(table, key)
        case DropForeignKey(name=name):
            return replace(table, foreign_keys=tuple(k for k in table.foreign_keys if not same(k.name, name)))
        case AddCheck(name=str(name)):
            return replace(table, checks=(*table.checks, name))
        case DropConstraint(name=name):
            return _without_constraint(table, name)
        case _:
            return table


def _without_constraint(table: Table, name: str) -> Table:
    """Removes the constraint: MariaDB finds the name among foreign keys, checks and unique indexes."""
    return replace(
        table,
        foreign_keys=tuple(key for key in table.foreign_keys if not same(key.name, name)),
        checks=tuple(check for check in table.checks if not same(check, name)),
        indexes=tuple(index for index in table.indexes if not same(index.name, name)),
        primary_key=() if name.upper() == "PRIMARY" else table.primary_key,
    )
