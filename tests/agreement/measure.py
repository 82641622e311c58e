"""Puts statements to servers of several series, and holds all answers against the lint."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from installer.bundle.sql.statement_words import begins_with
from installer.mariadb.server.queries import server_version
from installer.mariadb.server.server import connect
from tests.agreement.compare import Alarm, Answer, Miss, alarms, misses
from tests.agreement.place import Place, place_at
from tests.agreement.rehearsed import rehearsed, silently_changed
from tests.agreement.trial import Judge, depends_on_rows
from tests.agreement.verdict import verdict_on
from tests.testbed.mariadb import MariaDB

SERIES = ("10.5", "10.11", "11.8")


@dataclass(frozen=True)
class Measured:
    """What came of putting `statements` to servers, whose versions are by series."""

    statements: Sequence[str]
    versions: dict[str, str]
    answers: dict[str, dict[str, Answer]]

    @property
    def misses(self) -> list[Miss]:
        """Everything untold or miscounted, on every server."""
        return [
            miss
            for sql in self.statements
            for series, answers in self.answers.items()
            for miss in misses(sql, verdict_on(sql), series, answers[sql])
        ]

    @property
    def alarms(self) -> list[Alarm]:
        """All alarms, right or false, over all servers together."""
        by_sql = {
            sql: {series: found[sql] for series, found in self.answers.items()} for sql in self.statements
        }
        return [alarm for sql in self.statements for alarm in alarms(sql, verdict_on(sql), by_sql[sql])]


def measure(statements: Sequence[str], servers: dict[str, MariaDB]) -> Measured:
    """Ask all servers at once; `servers` by series."""
    with ThreadPoolExecutor(len(servers)) as pool:
        asked = {series: pool.submit(answers_of, server, statements) for series, server in servers.items()}
        answers = {series: each.result() for series, each in asked.items()}
    return Measured(statements, {series: _version(server) for series, server in servers.items()}, answers)


def answers_of(server: MariaDB, statements: Sequence[str]) -> dict[str, Answer]:
    """One server's answers, by statement."""
    with (
        server.new_database() as source,
        server.new_database() as address,
        place_at(source, address) as place,
    ):
        judge = Judge(place)
        return {sql: _answer(place, judge, sql) for sql in statements}


def _answer(place: Place, judge: Judge, sql: str) -> Answer:
    trial, count = judge.trial(sql), None
    if depends_on_rows(sql, trial):
        count = rehearsed(place, sql)
        found = judge.row_by_row(sql, count.rows)
        trial = replace(found, fails=trial.fails, blocks=trial.blocks)
    is_told = begins_with(sql, "ALTER") and " DROP " not in sql  # what is dropped is not counted
    is_done = not trial.refused and (not trial.fails or trial.offending is not None)
    return Answer(trial, count, silently_changed(place, sql) if is_told and is_done else None)


def _version(server: MariaDB) -> str:
    with connect(server.address(), schema=False) as connection:
        return server_version(connection).partition("-")[0]
