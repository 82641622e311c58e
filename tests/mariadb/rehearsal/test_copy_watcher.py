"""Watching a deployment: answers fall to the right statements."""

from itertools import count

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import split_statements
from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement
from installer.mariadb.rehearsal.copy_watcher import Answer, Witness, by_statement
from installer.mariadb.server.queries import Said

SCRIPT = b"INSERT INTO t VALUES (1);\nCALL p();\nSELECT 1;\nDROP TABLE t;"


def witness() -> Witness:
    """A witness whose clock goes on a second with each look."""
    seconds = count()
    return Witness(lambda: float(next(seconds)), before=lambda migration: None)


def test_each_statement_gets_its_own_answers() -> None:
    watch = witness()
    watch.begins(Migration("m", SCRIPT))
    for rows in (1, None, None, 5, None):
        watch.answers(rows, Said())
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


def test_a_call_that_fails_half_way_keeps_its_results() -> None:
    answers = [Answer(1, 0), Answer(None, 0), Answer(None, 0)]
    shared = by_statement(split_statements(SCRIPT.decode()), answers)
    assert [len(one) for one in shared] == [1, 2]


def test_nothing_is_seen_before_the_first_migration() -> None:
    assert witness().seen == ()
