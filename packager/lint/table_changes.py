"""What a table is after a change to itself."""

from dataclasses import replace

from packager.lint.changes import (
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
from packager.lint.schema import Column, ForeignKey, Index, Table, same


def altered(table: Table, change: Change) -> Table:
    """The table after a change to itself."""
    match change:
        case AddColumn(column=column):
            return _with_column(table, column)
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
        case ConvertCharset(charset=charset):
            columns = {n: replace(c, charset=c.charset and charset) for n, c in table.columns.items()}
            return replace(table, charset=charset, columns=columns)
        case _:
            return table


def _with_column(table: Table, column: Column) -> Table:
    table = _put(table, column)
    if column.is_unique:
        table = altered(table, AddIndex(table.name, Index(column.name, (column.name,), "unique")))
    if column.is_primary:
        table = replace(table, primary_key=(column.name,))
    if column.references is not None:
        key = ForeignKey(None, (column.name,), column.references, ())
        table = altered(table, AddForeignKey(table.name, key))
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
        case AddIndex(index=index):
            return replace(table, indexes=(*table.indexes, index))
        case RenameIndex(name=name, to=to):
            indexes = (replace(i, name=to) if same(i.name, name) else i for i in table.indexes)
            return replace(table, indexes=tuple(indexes))
        case DropIndex(name=name) if name.upper() != "PRIMARY":
            return replace(table, indexes=tuple(i for i in table.indexes if not same(i.name, name)))
        case AddPrimaryKey(columns=columns):
            return _put_all_not_null(replace(table, primary_key=columns))
        case _:
            return replace(table, primary_key=())


def _put_all_not_null(table: Table) -> Table:
    for name in table.primary_key:
        column = table.column(name)
        table = _put(table, replace(column, is_nullable=False)) if column else table
    return table


def _with_other_constraints(table: Table, change: Change) -> Table:
    match change:
        case AddForeignKey(key=key):
            return replace(table, foreign_keys=(*table.foreign_keys, key))
        case DropForeignKey(name=name):
            return replace(table, foreign_keys=tuple(k for k in table.foreign_keys if not same(k.name, name)))
        case AddCheck(name=str(name)):
            return replace(table, checks=(*table.checks, name))
        case DropConstraint(name=name):
            return _without_constraint(table, name)
        case _:
            return table


def _without_constraint(table: Table, name: str) -> Table:
    """MariaDB finds the name among the foreign keys, the checks, and the unique indexes."""
    return replace(
        table,
        foreign_keys=tuple(key for key in table.foreign_keys if not same(key.name, name)),
        checks=tuple(check for check in table.checks if not same(check, name)),
        indexes=tuple(index for index in table.indexes if not same(index.name, name)),
        primary_key=() if name.upper() == "PRIMARY" else table.primary_key,
    )
