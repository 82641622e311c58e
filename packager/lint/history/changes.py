"""Defines the changes that SQL statements make, one value per change."""

from dataclasses import dataclass
from typing import Literal

from packager.lint.history.tables import Column, ForeignKey, Index

CodeKind = Literal["view", "sequence", "routine"]
RowsKind = Literal["inserts", "updates", "deletes", "truncates"]


@dataclass(frozen=True)
class CreateTable:
    """A new table; `like` another one, `replaces` one with the same name. `elements` are Add… changes."""

    table: str
    elements: "tuple[Change, ...]" = ()
    charset: str | None = None
    collation: str | None = None
    engine: str = ""
    like: str | None = None
    replaces: bool = False
    if_missing: bool = False
    from_select: bool = False


@dataclass(frozen=True)
class DropTable:
    table: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class RenameTable:
    table: str
    to: str


@dataclass(frozen=True)
class AddColumn:
    """A new column; `is_last` unless FIRST or AFTER is used, `after` is the column of AFTER."""

    table: str
    column: Column
    is_last: bool = True
    after: str = ""
    if_missing: bool = False


@dataclass(frozen=True)
class ChangeColumn:
    """MODIFY or CHANGE: the column `name` becomes `column`."""

    table: str
    name: str
    column: Column


@dataclass(frozen=True)
class RenameColumn:
    table: str
    name: str
    to: str


@dataclass(frozen=True)
class DropColumn:
    table: str
    name: str


@dataclass(frozen=True)
class ChangeDefault:
    """A new default; `default` is None if it is dropped."""

    table: str
    name: str
    default: str | None


@dataclass(frozen=True)
class AddIndex:
    table: str
    index: Index
    if_missing: bool = False


@dataclass(frozen=True)
class RenameIndex:
    table: str
    name: str
    to: str


@dataclass(frozen=True)
class DropIndex:
    table: str
    name: str


@dataclass(frozen=True)
class AddPrimaryKey:
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class DropPrimaryKey:
    table: str


@dataclass(frozen=True)
class AddForeignKey:
    table: str
    key: ForeignKey


@dataclass(frozen=True)
class AddCheck:
    table: str
    name: str | None


@dataclass(frozen=True)
class DropForeignKey:
    table: str
    name: str


@dataclass(frozen=True)
class DropConstraint:
    """DROP CONSTRAINT or DROP CHECK: the schema tells what kind of constraint the name is."""

    table: str
    name: str


@dataclass(frozen=True)
class ConvertCharset:
    table: str
    charset: str
    collation: str | None = None


@dataclass(frozen=True)
class ChangeEngine:
    table: str
    engine: str


@dataclass(frozen=True)
class ChangePartitions:
    """New partitions; `loses_rows` for DROP and TRUNCATE PARTITION."""

    table: str
    loses_rows: bool


@dataclass(frozen=True)
class ChangeOptions:
    """An option of a table that affects neither rows nor columns."""

    table: str


@dataclass(frozen=True)
class IgnoreErrors:
    """The keyword IGNORE; `of_table` in ALTER TABLE."""

    table: str
    of_table: bool


@dataclass(frozen=True)
class DropDatabase:
    name: str


@dataclass(frozen=True)
class ChangeRows:
    """Rows are inserted, updated, deleted or truncated. `table` is '' if it is not clear which one.

    `updates_others`: ON DUPLICATE KEY UPDATE. `condition` is the text after the table's name, `columns` are
    those that an INSERT names; `is_query`: the rows come from a query.
    """

    table: str
    kind: RowsKind
    updates_others: bool = False
    condition: str = ""
    columns: tuple[str, ...] = ()
    is_query: bool = False


@dataclass(frozen=True)
class CreateCode:
    kind: CodeKind
    name: str = ""


@dataclass(frozen=True)
class DropCode:
    """Views, a routine, trigger, event or sequences are dropped; `names` are in the namespace of tables."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """One variable in lower case, also `names`, and its value as written."""

    name: str
    value: str
    is_global: bool = False


@dataclass(frozen=True)
class SetOption:
    """Options of the connection; the values known here apply from now on."""

    checks_foreign_keys: bool | None = None
    is_strict: bool | None = None
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True)
class UseDatabase:
    name: str


@dataclass(frozen=True)
class ReadOnly:
    """No change. `word` is the first word; `makes` is a new temporary table, `drops` are dropped ones."""

    word: str = ""
    makes: str = ""
    drops: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotRead:
    """Words that are not understood. `table` is the table they change, '' if that is not clear."""

    table: str
    words: str


Change = (
    CreateTable
    | DropTable
    | RenameTable
    | AddColumn
    | ChangeColumn
    | RenameColumn
    | DropColumn
    | ChangeDefault
    | AddIndex
    | RenameIndex
    | DropIndex
    | AddPrimaryKey
    | DropPrimaryKey
    | AddForeignKey
    | AddCheck
    | DropForeignKey
    | DropConstraint
    | ConvertCharset
    | ChangeEngine
    | ChangePartitions
    | ChangeOptions
    | IgnoreErrors
    | DropDatabase
    | ChangeRows
    | CreateCode
    | DropCode
    | SetOption
    | UseDatabase
    | ReadOnly
    | NotRead
)
