"""What a rule looks at besides the change: the tables before it, and the rest of its statement."""

from dataclasses import dataclass

from packager.lint.changes import Change, DropConstraint, DropForeignKey, IgnoreErrors
from packager.lint.schema import ForeignKey, Schema, Table, same


@dataclass(frozen=True)
class Scene:
    """The schema as the change finds it, and every change of the same statement."""

    schema: Schema
    statement: tuple[Change, ...]

    @property
    def ignores_errors(self) -> bool:
        """Whether the statement says IGNORE."""
        return any(isinstance(one, IgnoreErrors) for one in self.statement)

    @property
    def is_strict(self) -> bool:
        """Whether a value that does not fit is refused rather than changed."""
        return self.schema.is_strict and not self.ignores_errors

    def table(self, name: str) -> Table | None:
        """The table, if earlier statements made it."""
        return self.schema.table(name)

    def may_have_rows(self, name: str) -> bool:
        """Whether there can be rows; unknown tables have some."""
        table = self.schema.table(name)
        return table is None or not table.is_new

    def drops_foreign_key(self, key: ForeignKey) -> bool:
        """Whether the same statement drops this foreign key."""
        dropped = [one.name for one in self.statement if isinstance(one, DropForeignKey | DropConstraint)]
        return any(same(key.name, name) for name in dropped)
