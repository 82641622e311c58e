"""Provides what a rule needs besides the change: the tables before it, and the rest of its statement."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from packager.lint.history.changes import (
    AddColumn,
    Change,
    ChangeColumn,
    DropColumn,
    DropConstraint,
    DropForeignKey,
    DropIndex,
    IgnoreErrors,
    NotRead,
    RenameColumn,
    RenameIndex,
)
from packager.lint.history.tables import ForeignKey, Schema, Table, same
from packager.lint.rules.repairs import Repair


@dataclass(frozen=True)
class RuleContext:
    """The schema before the change, and every change of the same statement.

    `before` is the schema before the statement. `repairs` are those earlier in the script.
    """

    schema: Schema
    statement: tuple[Change, ...]
    before: Schema = field(default_factory=Schema)
    is_lenient: bool = False
    repairs: tuple[Repair, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Returns whether the server certainly has this schema: all read, no IF EXISTS, no `db.table`."""
        is_read = not any(isinstance(one, NotRead) for one in self.statement)
        return self.schema.is_whole and is_read and not self.is_lenient

    @property
    def added_columns(self) -> set[str]:
        """Returns the columns, in lower case, that the statement adds or renames."""
        added = [one.column.name for one in self.statement if isinstance(one, AddColumn)]
        changed = [one for one in self.statement if isinstance(one, ChangeColumn)]
        added += [one.column.name for one in changed if one.name.lower() != one.column.name.lower()]
        added += [one.to for one in self.statement if isinstance(one, RenameColumn)]
        return {name.lower() for name in added}

    def knows_column(self, table: Table, name: str) -> bool:
        """Returns whether the table has the column, had it before the statement, or gets it."""
        earlier = self.before.table(table.name)
        was = earlier is not None and earlier.column(name) is not None
        return table.column(name) is not None or was or name.lower() in self.added_columns

    def frees_column(self, name: str) -> bool:
        """Returns whether the same statement drops or renames the column."""
        moved = [o for o in self.statement if isinstance(o, DropColumn | RenameColumn | ChangeColumn)]
        return any(one.name.lower() == name.lower() for one in moved)

    def frees_index(self, name: str) -> bool:
        """Returns whether the same statement drops or renames the index."""
        moved = [o for o in self.statement if isinstance(o, DropIndex | DropConstraint | RenameIndex)]
        return any(one.name.lower() == name.lower() for one in moved)

    @property
    def ignores_errors(self) -> bool:
        """Returns whether the statement contains IGNORE."""
        return any(isinstance(one, IgnoreErrors) for one in self.statement)

    @property
    def is_strict(self) -> bool:
        """Returns whether a value that does not fit is refused, not changed."""
        return self.schema.is_strict and not self.ignores_errors

    def table(self, name: str) -> Table | None:
        """Returns the table, if earlier statements made it."""
        return self.schema.table(name)

    def may_have_rows(self, name: str) -> bool:
        """Returns whether the table can have rows; unknown tables can."""
        table = self.schema.table(name)
        return table is None or not table.is_new

    def foreign_keys_on(self, table: Table, column: str) -> Iterator[ForeignKey]:
        """Yields the foreign keys that contain or reference a column, and stay after the statement."""
        theirs = (
            key
            for _table, key in self.schema.references_to(table.name)
            if column.lower() in map(str.lower, key.to_columns)
        )
        for key in (*table.foreign_keys_with(column), *theirs):
            if not self.drops_foreign_key(key):
                yield key

    def drops_foreign_key(self, key: ForeignKey) -> bool:
        """Returns whether the same statement drops this foreign key."""
        dropped = [one.name for one in self.statement if isinstance(one, DropForeignKey | DropConstraint)]
        return any(same(key.name, name) for name in dropped)
