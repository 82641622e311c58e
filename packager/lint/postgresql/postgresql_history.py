"""Builds what a list of PostgreSQL migrations makes: tables, enums, and what CHECK conditions prove."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from packager.lint.history import replay
from packager.lint.history.changes import (
    Change,
    CreateTable,
    DropConstraint,
    RenameTable,
    SetOption,
)
from packager.lint.history.tables import Column, Schema, Table
from packager.lint.postgresql.postgresql_changes import (
    AddEnumValue,
    CheckRows,
    CreateEnum,
    CreateExtension,
    DropObject,
    RenameEnumValue,
    RenameType,
    SetForTransaction,
    Validate,
)
from packager.lint.postgresql.reading.postgresql_words import DEFAULT_SCHEMA
from packager.lint.postgresql.replayed_changes import replayed, table_of_index


@dataclass(frozen=True)
class Proof:
    """A CHECK (column IS NOT NULL); it proves something once it is validated."""

    table: str
    name: str
    column: str
    is_validated: bool


@dataclass(frozen=True)
class Known:
    """The database as all earlier statements make it. `enums` maps types to their values.

    `made` are the tables that this migration makes, also those whose columns are not known.
    """

    schema: Schema = field(default_factory=Schema)
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    made: frozenset[str] = frozenset()

    def table(self, name: str) -> Table | None:
        """Returns the table, if earlier statements made it."""
        return self.schema.table(name)

    def column(self, table: str, name: str) -> Column | None:
        """Returns the column, if earlier statements made it."""
        found = self.schema.table(table)
        return found.column(name) if found else None

    def has_rows(self, name: str) -> bool:
        """Returns whether the table can have rows of a site; unknown tables can, temporary ones cannot."""
        table = self.schema.table(name)
        return (table is None or not table.is_new) and name not in self.schema.temporary

    def is_shared(self, name: str) -> bool:
        """Returns whether others can use the table: it was not made by this migration."""
        return name not in self.made and name not in self.schema.temporary

    def proves_not_null(self, table: str, column: str) -> bool:
        """Returns whether a validated CHECK says that the column has no NULL."""
        return any(one.is_validated and (one.table, one.column) == (table, column) for one in self.proofs)

    def table_of_index(self, name: str) -> str:
        """Returns the table that has the index; empty if that is not known."""
        return table_of_index(self.schema, name)


def known_after(known: Known, change: Change) -> Known:
    """Returns what is known after the change."""
    match change:
        case CreateEnum() | AddEnumValue() | RenameEnumValue() | RenameType() | DropObject(kind="type"):
            return _with_type(known, change)
        case CheckRows():
            known = replace(known, proofs=(*known.proofs, *_proofs((change,))))
        case CreateTable(table=table, elements=elements, if_missing=if_missing):
            is_made = not (if_missing and known.table(table))
            made = known.made | {table} if is_made else known.made
            known = replace(known, proofs=(*known.proofs, *_proofs(elements)), made=made)
        case RenameTable(table=table, to=to) if table in known.made:
            known = replace(known, made=known.made - {table} | {to})
        case CreateExtension() | SetForTransaction() | SetOption() if _may_hide_tables(change):
            return replace(known, schema=replace(known.schema, is_whole=False))
        case DropObject(kind="schema", names=names):
            return replace(known, schema=_without_schemas(known.schema, names))
        case Validate(table=table, name=name) | DropConstraint(table=table, name=name):
            known = _with_constraint(known, change, table, name)
    return replace(known, schema=_schema_after(known, change))


def _may_hide_tables(change: Change) -> bool:
    """Returns whether unqualified names may mean other tables, or tables may exist that nobody named."""
    if isinstance(change, SetForTransaction):
        return change.setting.name == "search_path"
    settings = change.settings if isinstance(change, SetOption) else ()
    return isinstance(change, CreateExtension) or any(one.name == "search_path" for one in settings)


def _without_schemas(schema: Schema, names: tuple[str, ...]) -> Schema:
    dropped = {name for name in schema.tables if (name.rpartition(".")[0] or DEFAULT_SCHEMA) in names}
    return replace(schema, tables={key: one for key, one in schema.tables.items() if key not in dropped})


def forget_newness(known: Known) -> Known:
    """Returns what is known when the next migration begins: every table may have rows."""
    return replace(known, schema=replay.forget_newness(known.schema), made=frozenset())


def _proofs(changes: tuple[Change, ...]) -> tuple[Proof, ...]:
    return tuple(
        Proof(one.table, one.name or "", one.proves, one.is_validated)
        for one in changes
        if isinstance(one, CheckRows) and one.proves
    )


def _schema_after(known: Known, change: Change) -> Schema:
    """Returns the tables after the change, which is replayed as the same change of `history`."""
    schema = known.schema
    for one in replayed(schema, change):
        schema = replay.after(schema, one)
    return schema


def _with_type(known: Known, change: Change) -> Known:
    enums = dict(known.enums)
    match change:
        case CreateEnum(name=name, values=values):
            enums[name] = values
        case AddEnumValue(name=name, value=value) if name in enums:
            enums[name] = (*enums[name], *([value] if value not in enums[name] else []))
        case RenameEnumValue(name=name, was=was, to=to) if name in enums:
            enums[name] = tuple(to if one == was else one for one in enums[name])
        case DropObject(names=names):
            enums = {name: values for name, values in enums.items() if name not in names}
        case RenameType(name=name, to=to):
            enums = {to if one == name else one: values for one, values in enums.items()}
            return replace(known, enums=enums, schema=_with_type_called(known.schema, name, to))
    return replace(known, enums=enums)


def _with_type_called(schema: Schema, was: str, to: str) -> Schema:
    """Returns the tables with a type that has another name now, also as the type of arrays."""
    names = {was: to, f"{was}[]": f"{to}[]"}
    tables = {
        name: replace(
            table,
            columns={
                key: replace(column, type=names.get(column.type, column.type))
                for key, column in table.columns.items()
            },
        )
        for name, table in schema.tables.items()
    }
    return replace(schema, tables=tables)


def _with_constraint(known: Known, change: Change, table: str, name: str) -> Known:
    """Returns what is known after a constraint was validated or dropped."""
    others = tuple(one for one in known.proofs if (one.table, one.name) != (table, name))
    mine = (one for one in known.proofs if (one.table, one.name) == (table, name))
    kept = tuple(replace(one, is_validated=True) for one in mine) if isinstance(change, Validate) else ()
    return replace(known, proofs=(*others, *kept))
