"""Watches the deployment on the copy: which statement took how long and changed how many rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from installer.bundle.migrations import Migration
from installer.bundle.statements import Statement, split_statements
from installer.operations.rehearsal_result import RehearsedMigration, RehearsedStatement
from installer.operations.rehearsal_words import begins_with

MANY_ANSWERS = ("CALL", "EXECUTE", "BEGIN", "IF", "LOOP", "WHILE", "REPEAT", "FOR", "CASE")


@dataclass(frozen=True)
class Answer:
    """What the server said to one statement, or one of several results; `seconds` since the one before."""

    rows: int | None
    seconds: float


@dataclass
class _Run:
    migration: Migration
    answers: list[Answer] = field(default_factory=list)


class Witness:
    """A `Watch` with a stopwatch. `before` is called, off the clock, before each migration's script."""

    def __init__(self, clock: Callable[[], float], before: Callable[[Migration], None]) -> None:
        self._clock, self._before = clock, before
        self._runs: list[_Run] = []
        self._since = 0.0

    def begins(self, migration: Migration) -> None:
        """The script of this migration is sent next."""
        self._before(migration)
        self._runs.append(_Run(migration))
        self._since = self._clock()

    def answers(self, rows: int | None) -> None:
        """The server has answered, or has failed at a statement."""
        now = self._clock()
        self._runs[-1].answers.append(Answer(rows, now - self._since))
        self._since = now

    @property
    def seen(self) -> tuple[RehearsedMigration, ...]:
        """Every migration that began, with the statements that were answered."""
        return tuple(_rehearsed(run) for run in self._runs)


def by_statement(statements: Sequence[Statement], answers: Sequence[Answer]) -> list[tuple[Answer, ...]]:
    """The answers that belong to each statement that ran, in order.

    A call gives a result for each SELECT inside, then an answer without one; any other statement gives one.
    """
    shared: list[tuple[Answer, ...]] = []
    left = list(answers)
    for statement in statements:
        if not left:
            break
        count = _answers_of(statement, left)
        shared.append(tuple(left[:count]))
        left = left[count:]
    return shared


def _answers_of(statement: Statement, left: Sequence[Answer]) -> int:
    if not begins_with(statement.text, "|".join(MANY_ANSWERS)):
        return 1
    results = next((at for at, answer in enumerate(left) if answer.rows is not None), len(left) - 1)
    return results + 1


def _rehearsed(run: _Run) -> RehearsedMigration:
    statements = split_statements(run.migration.text)
    shared = zip(statements, by_statement(statements, run.answers), strict=False)
    told = tuple(_statement(number, *one) for number, one in enumerate(shared, 1))
    return RehearsedMigration(run.migration.name, sum(answer.seconds for answer in run.answers), told)


def _statement(number: int, statement: Statement, answers: tuple[Answer, ...]) -> RehearsedStatement:
    seconds = sum(answer.seconds for answer in answers)
    return RehearsedStatement(number, statement.line, statement.text, answers[-1].rows, seconds)
