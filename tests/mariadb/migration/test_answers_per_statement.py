"""Whose answer an answer is: a call has many of them, any other statement one."""

from hypothesis import given
from hypothesis import strategies as some

from installer.bundle.sql.statements import split_statements
from installer.mariadb.migration.answers_per_statement import answers_per_statement, statement_at_work

PLAIN = some.tuples(some.sampled_from(["SELECT 1", "DROP TABLE t"]), some.booleans().map(lambda one: [one]))
CALL = some.tuples(some.just("CALL p()"), some.integers(0, 3).map(lambda rows: [True] * rows + [False]))


@given(some.lists(PLAIN | CALL, max_size=8), some.data())
def test_each_answer_belongs_to_the_first_statement_that_waits_for_one(
    script: list[tuple[str, list[bool]]], data: some.DataObject
) -> None:
    statements = split_statements("; ".join(sql for sql, _ in script))
    owners = [number for number, (_, answers) in enumerate(script, 1) for _ in answers]
    came = data.draw(some.integers(0, len(owners)))
    are_results = [one for _, answers in script for one in answers][:came]
    counts = tuple(owners[:came].count(number) for number in sorted(set(owners[:came])))
    assert answers_per_statement(statements, are_results) == counts
    assert statement_at_work(statements, are_results) == [*owners, len(script) + 1][came]
