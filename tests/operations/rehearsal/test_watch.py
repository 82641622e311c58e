"""Watching a deployment: answers fall to the right statements, and a long one is told of."""

import time
from itertools import count

from installer.bundle.migrations import Migration
from installer.bundle.statements import split_statements
from installer.operations.rehearsal.heartbeat import telling
from installer.operations.rehearsal.result import RehearsedMigration, RehearsedStatement
from installer.operations.rehearsal.watch import Answer, Now, Witness, by_statement
from tests.operations.backups import Told

SCRIPT = b"INSERT INTO t VALUES (1);\nCALL p();\nSELECT 1;\nDROP TABLE t;"


def witness() -> Witness:
    """A witness whose clock goes on a second with each look."""
    seconds = count()
    return Witness(lambda: float(next(seconds)), before=lambda migration: None)


def test_each_statement_gets_its_own_answers() -> None:
    watch = witness()
    watch.begins(Migration("m", SCRIPT))
    for rows in (1, None, None, 5, None):
        watch.answers(rows)
    assert watch.seen == (
        RehearsedMigration(
            "m",
            5.0,
            (
                RehearsedStatement(1, 1, "INSERT INTO t VALUES (1)", 1, 1.0),
                RehearsedStatement(2, 2, "CALL p()", 5, 3.0),
                RehearsedStatement(3, 3, "SELECT 1", None, 1.0),
            ),
        ),
    )
    assert watch.now == Now("m", 4, 1.0)


def test_a_call_that_fails_half_way_keeps_its_results() -> None:
    answers = [Answer(1, 0), Answer(None, 0), Answer(None, 0)]
    shared = by_statement(split_statements(SCRIPT.decode()), answers)
    assert [len(one) for one in shared] == [1, 2]


def test_nothing_is_at_work_before_the_first_migration() -> None:
    assert (witness().now, witness().seen) == (None, ())


def test_a_long_statement_is_told_of_while_it_runs() -> None:
    told, watch = Told(), Witness(time.monotonic, before=lambda migration: None)
    with telling(told.console, watch, every_seconds=0.02):
        watch.begins(Migration("m", SCRIPT))
        deadline = time.monotonic() + 60
        while not told.lines and time.monotonic() < deadline:
            time.sleep(0.01)
    lines = told.lines
    assert lines[0] == "Migration `m`, statement 1: for 0 s"
    time.sleep(0.05)
    assert told.lines == lines
