"""Finds what a rehearsal's scripts change without an error, with the exact number of rows or none.

A script with such statements is sent to the copy in parts, in its one session, and the rows are counted
before each of them. Any other script is sent whole.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statement_words import is_surely_one
from installer.bundle.sql.statements import Statement, ends_of_statements, split_statements
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement, SilentChange
from installer.errors import AirlockError
from installer.mariadb.losses.count_losses import count, select_of
from installer.mariadb.losses.forgiven_rows import forgiven
from installer.mariadb.losses.loss_lines import column_words
from installer.mariadb.losses.plan_losses import ColumnLoss, Expected, column_losses, expected_losses
from installer.mariadb.offenders.columns_and_constraints import Shape, read_shape
from installer.mariadb.offenders.sql_modes import Modes, read_modes
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.mariadb.trial.cost import is_table_work
from installer.mariadb.trial.empty_tables import lay_out, names_of, side_schema

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

Today = frozenset[tuple[str, str]]


@dataclass
class _Script:
    """Holds a rehearsed migration; `before` is the copy's shape where a statement is opaque."""

    statements: tuple[Statement, ...]
    expected: tuple[Expected, ...]
    before: tuple[Shape, Modes] | None
    after: Shape | None = None
    counted: dict[tuple[int, ColumnLoss], int | None] = field(default_factory=dict)

    @property
    def losing(self) -> list[int]:
        """Returns the numbers of the statements before which rows are counted."""
        return [number for number, one in enumerate(self.expected, 1) if one.columns]


class Losses:
    """Keeps the scripts of a rehearsal, and the numbers of rows that were counted."""

    def __init__(self, side: DatabaseAddress, copy: DatabaseAddress, today: Today) -> None:
        self._side, self._copy, self._today = side, copy, today
        self._scripts: dict[str, _Script] = {}

    def ask(self, migration: Migration) -> None:
        """Tries the statements on empty copies of the current tables; never raises for the server."""
        self.end()
        statements = split_statements(migration.text)
        work = [statement.text for statement in statements if is_table_work(statement.text)]
        try:
            with connect(self._side) as side:
                lay_out(side, self._copy.database, names_of(work))
                expected = expected_losses(side, statements)
        except AirlockError:  # then no statement can be tried
            expected = (Expected(is_opaque=True),) * len(statements)
        before = self._look() if any(one.is_opaque for one in expected) else None
        self._scripts[migration.name] = _Script(statements, expected, before)

    def end(self) -> None:
        """Reads the copy's shape after the last script, if one of its statements is opaque."""
        for script in self._scripts.values():
            if script.before is not None and script.after is None:
                now = self._look()
                script.after = now[0] if now else None

    def parts(self, migration: Migration, session: "Server") -> Iterator[str]:
        """Yields the script, split before each statement that may change values; counts the rows there."""
        script, text, begin = self._scripts[migration.name], migration.text, 0
        ends = ends_of_statements(text)
        for number in script.losing:
            if not _can_be_cut(script.statements[: number - 1]):
                break
            end = ends[number - 2] + 1 if number > 1 else 0
            if end > begin:
                yield text[begin:end]
            begin = end
            for loss in script.expected[number - 1].columns:
                script.counted[number, loss] = count(session, self._copy.database, loss)
        yield text[begin:]

    def found(self, seen: Sequence[RehearsedMigration]) -> tuple[SilentChange, ...]:
        """Returns what changed without an error, in the order of the statements that ran."""
        self.end()
        return tuple(change for migration in seen for change in self._of(migration))

    def _of(self, migration: RehearsedMigration) -> Iterator[SilentChange]:
        script = self._scripts[migration.name]
        for statement, expected in zip(migration.statements, script.expected, strict=False):
            for loss in expected.columns:
                rows = script.counted.get((statement.number, loss))
                if rows != 0:
                    yield self._column_change(migration.name, statement, loss, rows)
            told = forgiven(statement, expected.forgiving)
            if told is not None:
                yield SilentChange(
                    migration.name, statement.number, statement.line, "", "", told.rows, "", told.words, False
                )
        yield from self._unseen(migration, script)

    def _unseen(self, migration: RehearsedMigration, script: _Script) -> Iterator[SilentChange]:
        """Yields columns that opaque statements changed; their rows were not counted beforehand."""
        if script.before is None or script.after is None:
            return
        (before, modes), after = script.before, script.after
        known = {(loss.table, loss.column) for one in script.expected for loss in one.columns}
        opaque = next(number for number, one in enumerate(script.expected) if one.is_opaque)
        for loss in column_losses(before, after, {}, modes):
            if (loss.table, loss.column) not in known and opaque < len(migration.statements):
                yield self._column_change(migration.name, migration.statements[opaque], loss, None)

    def _column_change(
        self, name: str, statement: RehearsedStatement, loss: ColumnLoss, rows: int | None
    ) -> SilentChange:
        return SilentChange(
            name, statement.number, statement.line, loss.table, loss.column, rows, select_of(loss),
            column_words(loss, rows), fits_today=loss.reads <= self._today,
        )  # fmt: skip

    def _look(self) -> tuple[Shape, Modes] | None:
        """Returns the copy's shape and modes; None where its server is gone: then no migration succeeds."""
        try:
            with connect(self._copy) as connection:
                return read_shape(connection), read_modes(connection)
        except AirlockError:
            return None


@contextmanager
def finding_losses(copy: DatabaseAddress, today: Today) -> Iterator[Losses]:
    """Yields the losses of the scripts that run in the body; `today` are the tables and columns before it."""
    with side_schema(copy, "losses") as side:
        yield Losses(replace(copy, database=str(value_of(side, "SELECT DATABASE()"))), copy, today)


def _can_be_cut(before: Sequence[Statement]) -> bool:
    """Returns whether the server surely ends these statements where we do."""
    return all(is_surely_one(statement.text) for statement in before)
