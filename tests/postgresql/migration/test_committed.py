"""What became of the statements before the one that failed."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.postgresql.migration.committed import Fate, fate_of, ranges


@pytest.mark.parametrize(
    ("script", "prisma", "done", "committed", "undone"),
    [
        ("SELECT 1; SELECT 2; SELECT 3", None, 2, [], [1, 2]),
        ("SELECT 1; SELECT 2; SELECT 3", "7.4.0", 2, [1, 2], []),
        ("SELECT 1; BEGIN; SELECT 2; SELECT 3", "7.4.0", 3, [1], [3]),
        ("SELECT 1; BEGIN; SELECT 2; COMMIT; SELECT 3; SELECT 4", None, 5, [1, 3], [5]),
        ("BEGIN; SELECT 1; ROLLBACK; SELECT 2; SELECT 3", "7.4.0", 4, [4], []),
        ("BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; SELECT 3", "7.4.0", 4, [2], [4]),
        ("SELECT 1; VACUUM t; SELECT 2", "6.19.0", 1, [1], []),
        ("BEGIN; SELECT 1; SAVEPOINT s; SELECT 2; ROLLBACK TO s; COMMIT; SELECT 3", None, 6, [2], []),
        ("BEGIN; SAVEPOINT s; SELECT 2; RELEASE s; COMMIT; SELECT 3", None, 5, [3], []),
    ],
)
def test_a_failure_takes_back_its_transaction_and_nothing_before(
    script: str, prisma: str | None, done: int, committed: list[int], undone: list[int]
) -> None:
    assert fate_of(Migration("one", script.encode(), prisma), done) == Fate(committed, undone)


def test_numbers_are_told_in_ranges() -> None:
    assert [ranges([1]), ranges([1, 2, 3, 5, 7, 8])] == ["1", "1-3, 5, 7-8"]
