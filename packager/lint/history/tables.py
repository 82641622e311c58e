"""Defines the tables of a database as migrations make them. Values only; `replay` changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

HISTORY_TABLE = "_prisma_migrations"
Generated = Literal["", "stored", "virtual"]
IndexKind = Literal["index", "unique", "fulltext", "spatial"]


@dataclass(frozen=True)
class Column:
    """A column as written. `type` is one word in lower case; `values` are those of an ENUM or SET."""

    name: str
    type: str
    size: tuple[int, ...] = ()
    values: tuple[str, ...] = ()
    is_unsigned: bool = False
    is_nullable: bool = True
    default: str | None = None
    charset: str | None = None
    collation: str | None = None
    generated: Generated = ""
    expression: str = ""
    says_null: bool = False
    is_auto_increment: bool = False
    is_unique: bool = False
    is_primary: bool = False
    is_checked: bool = False
    references: "ForeignKey | None" = None

    @property
    def written_type(self) -> str:
        """Returns the type as people write it, such as `VARCHAR(191)`."""
        inside = ", ".join([*map(str, self.size), *(f"'{value}'" for value in self.values)])
        sign = " UNSIGNED" if self.is_unsigned else ""
        return f"{self.type.upper()}{f'({inside})' if inside else ''}{sign}"


@dataclass(frozen=True)
class Index:
    """An index on columns, expressions left out; `name` is None if the server chooses it.

    `has_prefix`: on part of a column. `is_implicit`: the server made it for a foreign key.
    """

    name: str | None
    columns: tuple[str, ...]
    kind: IndexKind = "index"
    has_prefix: bool = False
    is_implicit: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """A reference to columns of the table `to`. `sets_null` for ON DELETE or ON UPDATE SET NULL."""

    name: str | None
    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    sets_null: bool = False

    @property
    def called(self) -> str:
        """Returns its name, or else its columns."""
        return self.name or ", ".join(self.columns)


@dataclass(frozen=True)
class Table:
    """A table. Columns are stored under their lower-case names, in order.

    `is_own` during the migration that made the table, `is_new` until that migration inserts rows.
    """

    name: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[str, ...] = ()
    charset: str | None = None
    collation: str | None = None
    engine: str = ""
    is_new: bool = False
    is_own: bool = False

    def column(self, name: str) -> Column | None:
        """Returns the column with that name, ignoring case."""
        return self.columns.get(name.lower())

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """Returns the columns of each unique index, and those of the primary key."""
        return (*(index.columns for index in self.indexes if index.kind == "unique"), self.primary_key)

    def indexes_with(self, column: str) -> tuple[Index, ...]:
        """Returns the indexes that contain the column."""
        return tuple(i for i in self.indexes if column.lower() in map(str.lower, i.columns))

    def foreign_keys_with(self, column: str) -> tuple[ForeignKey, ...]:
        """Returns the foreign keys that contain the column."""
        return tuple(k for k in self.foreign_keys if column.lower() in map(str.lower, k.columns))


@dataclass(frozen=True)
class Schema:
    """All known tables, whether the connection checks foreign keys, and whether it is strict.

    `others` are names of tables, views and sequences whose columns are unknown; `temporary` are this script's
    own tables, each with the table that it hides. `is_whole` while every statement was understood, so that a
    missing table does not exist. `is_strict` while sql_mode is the server's own.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    checks_foreign_keys: bool = True
    is_strict: bool = True
    others: frozenset[str] = frozenset({HISTORY_TABLE})
    is_whole: bool = True
    temporary: Mapping[str, Table | None] = field(default_factory=dict)

    def table(self, name: str) -> Table | None:
        """Returns the table with that name; names are case-sensitive, as on a Linux server."""
        return self.tables.get(name)

    def lacks(self, name: str) -> bool:
        """Returns whether certainly no table has that name."""
        known = (self.tables, self.others, self.temporary)
        return self.is_whole and bool(self.tables) and not any(name in names for names in known)

    def in_other_case(self, name: str) -> str | None:
        """Returns a table whose name differs only in case."""
        return next((one for one in self.tables if one != name and one.lower() == name.lower()), None)

    def references_to(self, name: str) -> tuple[tuple[Table, ForeignKey], ...]:
        """Returns the foreign keys of other tables that reference this one."""
        return tuple(
            (table, key)
            for table in self.tables.values()
            for key in table.foreign_keys
            if key.to == name and table.name != name
        )


def same(one: str | None, other: str) -> bool:
    """Returns whether two names refer to the same column, index or constraint."""
    return one is not None and one.lower() == other.lower()


def serves(index: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Returns whether a foreign key over `columns` can use an index over these columns."""
    first = [name.lower() for name in index[: len(columns)]]
    return bool(columns) and sorted(first) == sorted(name.lower() for name in columns)
