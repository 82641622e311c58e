"""Finds enum values that are used in the transaction that adds them, which the server refuses (55P04).

PostgreSQL 17 and newer allow it if the transaction also creates the type.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import tokens_of
from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import AddColumn, Change, ChangeDefault, ChangeRows, CreateTable, ReadOnly
from packager.lint.postgresql.postgresql_changes import AddEnumValue, BuildIndex, CheckRows
from packager.lint.postgresql.postgresql_history import Known, known_after
from packager.lint.postgresql.reading.postgresql_words import LONGEST
from packager.lint.postgresql.rules.script_transactions import Read, ends_of_transactions

USES = (AddColumn, BuildIndex, ChangeDefault, ChangeRows, CheckRows, CreateTable, ReadOnly)
Enums = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class NewValue:
    """A value that the current transaction adds to an enum, which it may create itself."""

    enum: str
    value: str
    of_new_enum: bool

    @property
    def finding(self) -> Finding:
        """Returns what to say when the value is used."""
        return Finding("PG116" if self.of_new_enum else "PG113", was=self.enum, now=self.written)

    @property
    def written(self) -> str:
        """Returns the value as a text of SQL."""
        return "'" + self.value.replace("'", "''") + "'"


def of_enum_values(migration: Migration, read: Sequence[Read], known: Known) -> Iterator[tuple[int, Finding]]:
    """Yields each first use of a new value, with the number of its statement, from 0."""
    if not any(isinstance(change, AddEnumValue) for _statement, changes in read for change in changes):
        return
    ends, before, new = ends_of_transactions(migration, read), known.enums, set[NewValue]()
    for at, (statement, changes) in enumerate(read):
        for change in changes:
            known = known_after(known, change)
            used = {one for one in new if _uses(one, change, statement.text, known)}
            yield from ((at, one.finding) for one in used)
            new = (new - used) | _added(change, before)
        if at in ends:
            before, new = known.enums, set()


def _added(change: Change, before: Enums) -> set[NewValue]:
    """Returns the value that the change adds; `before` are the enums before the transaction."""
    if not isinstance(change, AddEnumValue) or change.value in before.get(change.name, ()):
        return set()
    return {NewValue(change.name, change.value, of_new_enum=change.name not in before)}


def _uses(new: NewValue, change: Change, sql: str, known: Known) -> bool:
    """Returns whether a statement contains the value where it can be one of the enum."""
    if not isinstance(change, USES) or new.written not in sql:
        return False
    tokens = [*tokens_of(sql[:LONGEST])]
    if not any(token.kind == "text" and token.text == new.written for token in tokens):
        return False
    table = known.table(change.changed_table)
    types = {column.type.removesuffix("[]") for column in table.columns.values()} if table else {new.enum}
    names = {token.text.strip('"') for token in tokens if token.kind in ("word", "name")}
    return new.enum in types or new.enum.rpartition(".")[2] in names
