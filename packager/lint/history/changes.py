"""Defines the changes that SQL statements make, one value per change."""

from dataclasses import dataclass
from typing import Literal

from packager.lint.history.tables import Column, ForeignKey, Index

CodeKind = Literal["view", "sequence", "routine"]
RowsKind = Literal["inserts", "updates", "deletes", "truncates"]


class Change:
    """What a statement does, or one clause of it."""

    @property
    def changed_table(self) -> str:
        """Returns the table that changes; '' if it is not clear which one, or if none does."""
        return self.table if isinstance(self, ChangeOfTable) else ""


@dataclass(frozen=True)
class ChangeOfTable(Change):
    """A change of `table`, which is '' if it is not clear which one."""

    table: str


@dataclass(frozen=True)
class CreateTable(ChangeOfTable):
    """A new table; `like` another one, `replaces` one with the same name. `elements` are Add… changes."""

    elements: tuple[Change, ...] = ()
    charset: str | None = None
    collation: str | None = None
    engine: str = ""
    like: str | None = None
    replaces: bool = False
    if_missing: bool = False
    from_select: bool = False


@dataclass(frozen=True)
class DropTable(ChangeOfTable):
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class RenameTable(ChangeOfTable):
    to: str


@dataclass(frozen=True)
class AddColumn(ChangeOfTable):
    """A new column; `is_last` unless FIRST or AFTER is used, `after` is the column of AFTER."""

    column: Column
    is_last: bool = True
    after: str = ""
    if_missing: bool = False


@dataclass(frozen=True)
class ChangeColumn(ChangeOfTable):
    """MODIFY or CHANGE: the column `name` becomes `column`."""

    name: str
    column: Column


@dataclass(frozen=True)
class RenameColumn(ChangeOfTable):
    name: str
    to: str


@dataclass(frozen=True)
class DropColumn(ChangeOfTable):
    name: str


@dataclass(frozen=True)
class ChangeDefault(ChangeOfTable):
    """A new default; `default` is None if it is dropped."""

    name: str
    default: str | None


@dataclass(frozen=True)
class AddIndex(ChangeOfTable):
    index: Index
    if_missing: bool = False


@dataclass(frozen=True)
class RenameIndex(ChangeOfTable):
    name: str
    to: str


@dataclass(frozen=True)
class DropIndex(ChangeOfTable):
    name: str


@dataclass(frozen=True)
class AddPrimaryKey(ChangeOfTable):
    columns: tuple[str, ...]


@dataclass(frozen=True)
class DropPrimaryKey(ChangeOfTable):
    """The table loses its primary key."""


@dataclass(frozen=True)
class AddForeignKey(ChangeOfTable):
    key: ForeignKey


@dataclass(frozen=True)
class AddCheck(ChangeOfTable):
    name: str | None


@dataclass(frozen=True)
class DropForeignKey(ChangeOfTable):
    name: str


@dataclass(frozen=True)
class DropConstraint(ChangeOfTable):
    """DROP CONSTRAINT or DROP CHECK: the schema tells what kind of constraint the name is."""

    name: str


@dataclass(frozen=True)
class ConvertCharset(ChangeOfTable):
    charset: str
    collation: str | None = None


@dataclass(frozen=True)
class ChangeEngine(ChangeOfTable):
    engine: str


@dataclass(frozen=True)
class ChangePartitions(ChangeOfTable):
    """New partitions; `loses_rows` for DROP and TRUNCATE PARTITION."""

    loses_rows: bool


@dataclass(frozen=True)
class ChangeOptions(ChangeOfTable):
    """An option of a table that affects neither rows nor columns."""


@dataclass(frozen=True)
class IgnoreErrors(ChangeOfTable):
    """The keyword IGNORE; `of_table` in ALTER TABLE."""

    of_table: bool


@dataclass(frozen=True)
class DropDatabase(Change):
    name: str


@dataclass(frozen=True)
class ChangeRows(ChangeOfTable):
    """Rows are inserted, updated, deleted or truncated. `table` is '' if it is not clear which one.

    `updates_others`: ON DUPLICATE KEY UPDATE. `condition` is the text after the table's name, `columns` are
    those that an INSERT names; `is_query`: the rows come from a query.
    """

    kind: RowsKind
    updates_others: bool = False
    condition: str = ""
    columns: tuple[str, ...] = ()
    is_query: bool = False


@dataclass(frozen=True)
class CreateCode(Change):
    kind: CodeKind
    name: str = ""


@dataclass(frozen=True)
class DropCode(Change):
    """Views, a routine, trigger, event or sequences are dropped; `names` are in the namespace of tables."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """One variable in lower case, also `names`, and its value as written."""

    name: str
    value: str
    is_global: bool = False


@dataclass(frozen=True)
class SetOption(Change):
    """Options of the connection; the values known here apply from now on."""

    checks_foreign_keys: bool | None = None
    is_strict: bool | None = None
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True)
class UseDatabase(Change):
    name: str


@dataclass(frozen=True)
class ReadOnly(Change):
    """No change. `word` is the first word; `makes` is a new temporary table, `drops` are dropped ones."""

    word: str = ""
    makes: str = ""
    drops: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotRead(ChangeOfTable):
    """Words that are not understood. `table` is the table they change, '' if that is not clear."""

    words: str
