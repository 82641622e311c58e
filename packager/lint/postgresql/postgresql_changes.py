"""Defines the changes that only PostgreSQL's statements make; all others are those of `history.changes`."""

from dataclasses import dataclass
from typing import Literal

from packager.lint.history.changes import (
    AddCheck,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    Change,
    ChangeOfTable,
    ChangeOptions,
    DropIndex,
    DropTable,
    Setting,
)
from packager.lint.history.tables import Column

Dropped = Literal["schema", "type", "other"]


@dataclass(frozen=True)
class BuildIndex(AddIndex):
    """A new index; `of_constraint` for UNIQUE and EXCLUDE, `from_index` if it exists already.

    `is_built` is False for ON ONLY, which builds nothing.
    """

    is_concurrent: bool = False
    of_constraint: Literal["", "unique", "exclude"] = ""
    from_index: str = ""
    is_built: bool = True


@dataclass(frozen=True)
class BuildPrimaryKey(AddPrimaryKey):
    """A new primary key; `from_index` if its index exists already."""

    from_index: str = ""


@dataclass(frozen=True)
class CheckRows(AddCheck):
    """A CHECK; `is_validated` is False for NOT VALID. `proves` is the column of `CHECK (x IS NOT NULL)`."""

    is_validated: bool = True
    proves: str = ""


@dataclass(frozen=True)
class CheckReferences(AddForeignKey):
    """A foreign key; `is_validated` is False for NOT VALID."""

    is_validated: bool = True


@dataclass(frozen=True)
class ChangeType(ChangeOfTable):
    """ALTER COLUMN … TYPE: `now` has the new type only. `using` is the text of the expression."""

    name: str
    now: Column
    using: str = ""


@dataclass(frozen=True)
class SetNotNull(ChangeOfTable):
    name: str
    is_not_null: bool


@dataclass(frozen=True)
class Validate(ChangeOfTable):
    """VALIDATE CONSTRAINT."""

    name: str


@dataclass(frozen=True)
class RenameConstraint(ChangeOfTable):
    name: str
    to: str


@dataclass(frozen=True)
class Rewrite(ChangeOfTable):
    """A table is written anew, as by CLUSTER; `words` say by what."""

    words: str


@dataclass(frozen=True)
class Reindex(ChangeOfTable):
    """Indexes are built again; `table` is '' if they are those of more than one table."""

    words: str
    is_concurrent: bool = False


@dataclass(frozen=True)
class ChangeProperty(ChangeOptions):
    """An option of a table or column that is set under a lock that keeps all others away."""


@dataclass(frozen=True)
class AttachPartition(ChangeOfTable):
    """The table becomes a partition."""


@dataclass(frozen=True)
class DropRelation(DropTable):
    """DROP TABLE; `cascades` with everything that depends on it."""

    cascades: bool = False


@dataclass(frozen=True)
class DropIndexNamed(DropIndex):
    """DROP INDEX, which does not name the table: the history knows it."""

    is_concurrent: bool = False


@dataclass(frozen=True)
class DropObject(Change):
    """A schema, type, view, function or another object is dropped."""

    kind: Dropped
    names: tuple[str, ...]
    cascades: bool = False


@dataclass(frozen=True)
class Cascade(ChangeOfTable):
    """The word CASCADE of a clause that drops `name`."""

    name: str


@dataclass(frozen=True)
class CreateEnum(Change):
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class AddEnumValue(Change):
    name: str
    value: str


@dataclass(frozen=True)
class RenameEnumValue(Change):
    name: str
    was: str
    to: str


@dataclass(frozen=True)
class RenameType(Change):
    name: str
    to: str


@dataclass(frozen=True)
class CreateExtension(Change):
    name: str


@dataclass(frozen=True)
class ChangeObject(Change):
    """An object that is no table changes: a view, a sequence, a function, rights, a comment."""


@dataclass(frozen=True)
class ChangeServer(Change):
    """A role, a tablespace or a setting of the whole server changes; `words` say which."""

    words: str


@dataclass(frozen=True)
class Transaction(Change):
    """A transaction begins or ends, or is needed; `word` is BEGIN, COMMIT, ROLLBACK, SAVEPOINT or LOCK."""

    word: str


@dataclass(frozen=True)
class SetForTransaction(Change):
    """SET LOCAL."""

    setting: Setting


@dataclass(frozen=True)
class CopyFromClient(ChangeOfTable):
    """COPY … FROM STDIN: the rows would come from the client."""


@dataclass(frozen=True)
class ClientCommand(Change):
    """A command of `psql`, such as `\\connect`, which no server knows."""

    words: str
