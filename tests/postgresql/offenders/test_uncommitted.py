"""Which statements a failure takes back: those since the last COMMIT of the script's own."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.postgresql.offenders.uncommitted import uncommitted_before


@pytest.mark.parametrize(
    ("script", "number", "earlier"),
    [
        ("SELECT 1; SELECT 2; SELECT 3", 3, ("SELECT 1", "SELECT 2")),
        ("SELECT 1; COMMIT; SELECT 2; SELECT 3", 4, ("SELECT 2",)),
        ("SELECT 1; BEGIN; SELECT 2; SELECT 3", 4, ("SELECT 1", "SELECT 2")),
        ("BEGIN; SELECT 1; END; START TRANSACTION; SELECT 2; SELECT 3", 6, ("SELECT 2",)),
        (
            "SELECT 1; SAVEPOINT s; SELECT 2; ROLLBACK TO s; SELECT 3",
            5,
            ("SELECT 1", "SAVEPOINT s", "SELECT 2", "ROLLBACK TO s"),
        ),
        ("SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a); SELECT 3", 3, ()),
    ],
)
def test_statements_since_the_last_commit_are_taken_back(
    script: str, number: int, earlier: tuple[str, ...]
) -> None:
    assert uncommitted_before(Migration("one", script.encode()), number) == earlier
