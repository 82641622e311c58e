"""Assigns the server's answers to the statements of a script."""

from collections.abc import Sequence

from installer.bundle.sql.statement_words import begins_with
from installer.bundle.sql.statements import Statement

MANY_ANSWERS = "CALL|EXECUTE|BEGIN|IF|LOOP|WHILE|REPEAT|FOR|CASE"


def answers_per_statement(statements: Sequence[Statement], are_results: Sequence[bool]) -> tuple[int, ...]:
    """Returns how many answers each statement got, in order; a result has rows, every other answer is an OK.

    A call answers with the rows of each SELECT inside, then with an OK; any other statement answers once.
    Statements without an answer are left out.
    """
    counts: list[int] = []
    begin = 0
    for statement in statements:
        if begin == len(are_results):
            break
        counts.append(_answers(statement, are_results, begin))
        begin += counts[-1]
    return tuple(counts)


def statement_at_work(statements: Sequence[Statement], are_results: Sequence[bool]) -> int:
    """Returns the number, from 1, of the statement that the server runs after these answers."""
    counts = answers_per_statement(statements, are_results)
    if counts and has_many_answers(statements[len(counts) - 1]) and are_results[-1]:
        return len(counts)  # within the results of a call
    return len(counts) + 1


def has_many_answers(statement: Statement) -> bool:
    """Returns whether the statement may answer with the rows of several SELECTs."""
    return begins_with(statement.text, MANY_ANSWERS)


def _answers(statement: Statement, are_results: Sequence[bool], begin: int) -> int:
    if not has_many_answers(statement):
        return 1
    ends = (at for at in range(begin, len(are_results)) if not are_results[at])
    return next(ends, len(are_results) - 1) - begin + 1
