"""Records a deployment on the copy: how long each statement took and how many rows it changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import Statement, split_statements
from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement
from installer.mariadb.migration.answers_per_statement import answers_per_statement
from installer.mariadb.server.queries import NOTHING_ADDED, Said

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

Parts = Callable[[Migration, "Server"], Iterator[str]]


def whole_script(migration: Migration, session: "Server") -> Iterator[str]:
    """Yields the script in one part, without queries in between."""
    yield migration.text


@dataclass(frozen=True)
class Answer:
    """Holds the server's answer to one statement, or one of several results; `seconds` since the last one."""

    rows: int | None
    seconds: float
    added: Said = NOTHING_ADDED


@dataclass
class _Run:
    migration: Migration
    answers: list[Answer] = field(default_factory=list)


class Witness:
    """Measures as a `Watch`. `before` runs before each migration's script and is not measured.

    `parts` yields the script's parts and is not measured either.
    """

    def __init__(
        self, clock: Callable[[], float], before: Callable[[Migration], None], parts: Parts = whole_script
    ) -> None:
        self._clock, self._before, self._parts = clock, before, parts
        self._runs: list[_Run] = []
        self._since = 0.0

    def begins(self, migration: Migration) -> None:
        """Starts the measurement of this migration's script."""
        self._before(migration)
        self._since = self._clock()
        self._runs.append(_Run(migration))

    def parts(self, migration: Migration, session: "Server") -> Iterator[str]:
        """Yields the script, usually in one part."""
        for part in self._parts(migration, session):
            self._since = self._clock()
            yield part

    def answers(self, rows: int | None, added: Said) -> None:
        """Records an answer of the server, or its failure at a statement."""
        now = self._clock()
        self._runs[-1].answers.append(Answer(rows, now - self._since, added))
        self._since = now

    @property
    def seen(self) -> tuple[RehearsedMigration, ...]:
        """Returns every migration that began, with the statements that were answered."""
        return tuple(_rehearsed(run) for run in self._runs)


def by_statement(statements: Sequence[Statement], answers: Sequence[Answer]) -> list[tuple[Answer, ...]]:
    """Returns the answers that belong to each statement that ran, in order."""
    shared, begin = [], 0
    for count in answers_per_statement(statements, [answer.rows is None for answer in answers]):
        shared.append(tuple(answers[begin : begin + count]))
        begin += count
    return shared


def _rehearsed(run: _Run) -> RehearsedMigration:
    statements = split_statements(run.migration.text)
    shared = zip(statements, by_statement(statements, run.answers), strict=False)
    told = tuple(_statement(number, *one) for number, one in enumerate(shared, 1))
    return RehearsedMigration(run.migration.name, sum(answer.seconds for answer in run.answers), told)


def _statement(number: int, statement: Statement, answers: tuple[Answer, ...]) -> RehearsedStatement:
    seconds = sum(answer.seconds for answer in answers)
    rows, added = answers[-1].rows, answers[-1].added
    return RehearsedStatement(
        number, statement.line, statement.text, rows, seconds,
        message=added.message, warnings=added.warnings,
    )  # fmt: skip
