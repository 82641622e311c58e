"""Lint and rehearsal agree with PostgreSQL about every change of a column's type."""

from collections.abc import Iterator

import pytest

from installer.database.values.address import DatabaseAddress
from installer.postgresql.offenders.find_offenders import FailedStatement, columns_of, find_offenders
from installer.postgresql.server.server import connect
from tests.agreement.postgresql.conversions import SCHEMA, TABLE, VALUES, Conversion, conversions
from tests.agreement.postgresql.server_trial import Trial, fill, make_types, try_out
from tests.packager.lint.postgresql.databases import found

pytestmark = [pytest.mark.engine, pytest.mark.database]
IN_TIME = ("integer", "numeric(6,2)", "mood")  # a type takes seconds
TYPED, REWRITTEN, BLANKS = "PG207", "PG301", "AL154"
TEXTS = ("char", "varchar", "text")  # '5' becomes 5.00, of which the lint says nothing
SAME = (("json", "jsonb"), ("json", "char(5)"))  # the same value in another order, or with blanks behind it


def untold(one: Conversion, trial: Trial) -> Iterator[str]:
    """What the lint says of a conversion and the server does not do, and the other way round."""
    findings = found(SCHEMA + TABLE.format(type=one.old), one.sql)
    codes = {finding.code for finding in findings}
    weights = {weight for finding in findings for weight in finding.weights}
    if (trial.refused == "42804") != (TYPED in codes):
        yield f"refused: {trial.refused}, told: {sorted(codes)}"
    if trial.refused:
        return
    if bool(trial.fails) != ("may_fail" in weights):
        yield f"fails: {trial.fails} {sorted(trial.offending)}, told: {sorted(codes)}"
    if trial.is_rewritten != (REWRITTEN in codes):
        yield f"rewritten: {trial.is_rewritten}, told: {sorted(codes)}"
    is_seen = trial.changed is not None and not one.old.startswith(TEXTS) and BLANKS not in codes
    if (
        is_seen
        and (one.old, one.new) not in SAME
        and bool(trial.changed) != bool({"changes", "destroys"} & weights)
    ):
        yield f"changes: {sorted(trial.changed)}, told: {sorted(codes)}"


def miscounted(address: DatabaseAddress, one: Conversion, trial: Trial) -> Iterator[str]:
    """A number of the rehearsal that is not that of the rows which fail."""
    if not trial.offending:
        return
    with connect(address) as connection:
        today = columns_of(connection)
    counted = find_offenders(address, FailedStatement(one.sql, trial.fails), today)
    rows = sum(offender.rows for offender in counted.offenders)
    is_known = not any("could not be determined" in note for note in counted.notes)
    if rows != len(trial.offending) if is_known else rows > len(trial.offending):
        yield f"offending: {sorted(trial.offending)}, counted: {rows}"


@pytest.mark.parametrize(
    "old", [old if old in IN_TIME else pytest.param(old, marks=pytest.mark.long) for old in VALUES]
)
def test_what_happens_to_a_column_of_each_type_was_told_before(pg: DatabaseAddress, old: str) -> None:
    make_types(pg)
    fill(pg, old)
    with connect(pg) as connection:
        tried = [(one, try_out(connection, one)) for one in conversions(old)]
    wrong = {
        one.sql: lines
        for one, trial in tried
        if (lines := [*untold(one, trial), *miscounted(pg, one, trial)])
    }
    assert wrong == {}
