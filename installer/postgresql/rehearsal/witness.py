"""Records a deployment on the copy: what each statement took, changed, locked and rewrote."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement
from installer.postgresql.rehearsal.locks import (
    CLOCK,
    MODES,
    Files,
    Held,
    files_of_tables,
    held_of,
    question,
    strongest,
)
from installer.postgresql.rehearsal.probed_script import MOST_ASKED, ProbedScript, as_it_is, probed
from installer.postgresql.server.answers import Answer
from installer.postgresql.server.queries import ServerError, run_script, value_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

ONLY_AS_IT_IS = ("42601", "25001", "2D000")  # syntax, not in a transaction, no COMMIT inside


@dataclass(frozen=True)
class Measured:
    """Holds what is known of one statement; a failed one has no rows."""

    rows: int | None
    seconds: float
    lock_mode: str = ""
    rewrites: bool = False


@dataclass(frozen=True)
class _Message:
    """Holds what one message did: `seconds` without the questions, and what is known of its statements."""

    seconds: float
    measured: tuple[Measured, ...]


@dataclass
class _Run:
    migration: Migration
    messages: list[_Message] = field(default_factory=list)


@dataclass(frozen=True)
class _Before:
    """Holds the files of tables before a message, and the server's clock when it was sent."""

    files: Files
    clock: float


class Witness:
    """Sends the parts of scripts as a deployment does, with questions among the statements.

    `beside` is a connection of its own to the copy, `clock` gives seconds.
    """

    def __init__(self, beside: "Server", clock: Callable[[], float]) -> None:
        self._beside, self._clock = beside, clock
        self._mark = f"airlock {secrets.token_hex(8)}"
        self._runs: list[_Run] = []

    @property
    def seen(self) -> tuple[RehearsedMigration, ...]:
        """Returns every migration that began, with the statements that ran, the failed one included."""
        return tuple(map(_rehearsed, self._runs))

    def send(self, session: "Server", migration: Migration, part: str) -> list[Answer]:
        """Implements `Send`. A message that the questions disturb had no effect, and is sent without them."""
        if not self._runs or self._runs[-1].migration is not migration:
            self._runs.append(_Run(migration))
        if len(self._runs[-1].messages) >= MOST_ASKED:
            return self._unasked(session, part)
        try:
            return self._send(session, probed(part, question(self._mark)))
        except ServerError as error:
            if error.code not in ONLY_AS_IT_IS or session.answers:
                raise
        self._runs[-1].messages.pop()
        return self._send(session, as_it_is(part))

    def _unasked(self, session: "Server", part: str) -> list[Answer]:
        """Sends one of very many parts without questions, which would take longer than the parts."""
        began = self._clock()
        try:
            return run_script(session, part)
        finally:
            seconds = self._clock() - began
            rows = session.answers[0].rows if session.answers else None
            self._runs[-1].messages.append(_Message(seconds, (Measured(rows, seconds),)))

    def _send(self, session: "Server", script: ProbedScript) -> list[Answer]:
        files, began, failed = files_of_tables(self._beside), self._clock(), None
        before = _Before(
            files, float(value_of(self._beside, CLOCK))
        )  # later, so that no part exceeds the sum
        try:
            run_script(session, script.text)
        except ServerError as error:
            failed = _at_original(error, script)
        elapsed = self._clock() - began
        held = [held_of(row) for row in session.rows if row[:1] == [self._mark]]
        session.answers = script.own(session.answers)
        has_failed = failed is not None
        message = self._message(script, before, session.answers, held, elapsed, has_failed=has_failed)
        self._runs[-1].messages.append(message)
        if failed is not None:
            raise failed
        return session.answers

    def _message(
        self,
        script: ProbedScript,
        before: _Before,
        answers: Sequence[Answer],
        held: Sequence[Held],
        elapsed: float,
        *,
        has_failed: bool,
    ) -> _Message:
        known = _measured(script, before, answers, held)
        if has_failed:
            done = held[-1].ended if held else before.clock
            known.append(Measured(None, max(0.0, elapsed - (done - before.clock))))
        elif script.statements == 1 and not script.asked:
            known = [self._alone(before, answers, elapsed)]
        asking = sum(one.ended - one.began for one in held)
        return _Message(elapsed - asking, tuple(known))

    def _alone(self, before: _Before, answers: Sequence[Answer], seconds: float) -> Measured:
        """Returns what is known of a statement that cannot be asked for its locks."""
        rows = answers[0].rows if answers else None
        return Measured(rows, seconds, "", _is_rewritten(before.files, files_of_tables(self._beside)))


def _measured(
    script: ProbedScript, before: _Before, answers: Sequence[Answer], held: Sequence[Held]
) -> list[Measured]:
    """Returns what is known of each statement that was answered.

    One without a question behind it counts as taking no time: it sets something, begins or ends.
    """
    found, since, files, told = [], before.clock, dict(before.files), iter(held)
    for number, answer in enumerate(answers, 1):
        seen = next(told, None) if number in script.asked else None
        if seen is None:
            found.append(Measured(answer.rows, 0.0))
            continue
        mode = strongest(mode for table, mode in seen.modes if table in before.files)
        now = {table: file for table, file in seen.files.items() if table in before.files}
        found.append(Measured(answer.rows, max(0.0, seen.began - since), mode, _is_rewritten(files, now)))
        since, files = seen.ended, files | now
    return found


def _is_rewritten(before: Files, after: Files) -> bool:
    return any(before.get(table, file) != file for table, file in after.items())


def _at_original(error: ServerError, script: ProbedScript) -> ServerError:
    """Returns the error with the place in the script that it is about."""
    if error.position is None:
        return error
    return ServerError({**error.fields, "P": str(script.original(error.position) + 1)})


def _rehearsed(run: _Run) -> RehearsedMigration:
    measured = [one for message in run.messages for one in message.measured]
    pairs = zip(split_postgresql(run.migration.text), measured, strict=False)
    return RehearsedMigration(
        run.migration.name,
        sum(message.seconds for message in run.messages),
        tuple(
            RehearsedStatement(
                number, statement.line, statement.text, one.rows, one.seconds,
                lock_mode=one.lock_mode, blocked=MODES.get(one.lock_mode), rewrites=one.rewrites,
            )
            for number, (statement, one) in enumerate(pairs, 1)
        ),
    )  # fmt: skip
