"""Says the changes of PostgreSQL in the words of `history`, which builds the tables of all servers."""

from dataclasses import replace

from packager.lint.history.changes import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    Change,
    ChangeColumn,
    CreateTable,
    DropConstraint,
    RenameIndex,
)
from packager.lint.history.tables import Index, Schema, same
from packager.lint.postgresql.postgresql_changes import (
    BuildIndex,
    ChangeType,
    DropIndexNamed,
    RenameConstraint,
    SetNotNull,
)


def replayed(schema: Schema, change: Change) -> tuple[Change, ...]:
    """Returns the same change, or those that have the same result, as `history` knows them."""
    match change:
        case ChangeType(table=table, name=name, now=now):
            return _changed(schema, table, name, type=now.type, size=now.size)
        case SetNotNull(table=table, name=name, is_not_null=is_not_null):
            return _changed(schema, table, name, is_nullable=not is_not_null)
        case BuildIndex(from_index=str(name), table=table) if name:
            return (RenameIndex(table, name, change.index.name or name),)
        case BuildIndex(index=index, table=table) if index.name is None and index.columns:
            name = "_".join((table.rpartition(".")[2], *index.columns, "idx"))
            return (replace(change, index=replace(index, name=name)),)
        case DropIndexNamed(name=name):
            table = table_of_index(schema, name)
            return (replace(change, table=table, name=name.rpartition(".")[2]),) if table else ()
        case RenameConstraint(table=table, name=name, to=to):
            return (RenameIndex(table, name, to), *_renamed_key(schema, change))
        case RenameIndex(name=name):
            table = change.table or table_of_index(schema, name)
            return (RenameIndex(table, name.rpartition(".")[2], change.to),) if table else ()
        case AddColumn():
            return _parted(change)
        case CreateTable(elements=elements):
            parts = [_parted(one) if isinstance(one, AddColumn) else (one,) for one in elements]
            return (replace(change, elements=tuple(one for part in parts for one in part)),)
    return (change,)


def table_of_index(schema: Schema, name: str) -> str:
    """Returns the table that has the index; empty if that is not known."""
    bare = name.rpartition(".")[2]
    found = ((table.name, index) for table in schema.tables.values() for index in table.indexes)
    return next((table for table, one in found if same(one.name, bare) and not one.is_implicit), "")


def _changed(schema: Schema, table: str, name: str, **values: object) -> tuple[Change, ...]:
    found = schema.table(table)
    column = found.column(name) if found else None
    return (ChangeColumn(table, name, replace(column, **values)),) if column else ()  # type: ignore[arg-type]


def _renamed_key(schema: Schema, change: RenameConstraint) -> tuple[Change, ...]:
    """Returns the changes that give a foreign key another name; none if it is another constraint."""
    table = schema.table(change.table)
    keys = table.foreign_keys if table else ()
    renamed = [replace(key, name=change.to) for key in keys if same(key.name, change.name)]
    again = [AddForeignKey(change.table, key) for key in renamed]
    return (DropConstraint(change.table, change.name), *again) if again else ()


def _parted(change: AddColumn) -> tuple[Change, ...]:
    """Returns a new column, its unique index by the name that PostgreSQL gives it, and its foreign key."""
    table, column = change.table, change.column
    name = f"{table.rpartition('.')[2]}_{column.name}_key"
    indexes = [AddIndex(table, Index(name, (column.name,), "unique"))] if column.is_unique else []
    keys = [AddForeignKey(table, column.references)] if column.references else []
    return (replace(change, column=replace(column, is_unique=False, references=None)), *indexes, *keys)
