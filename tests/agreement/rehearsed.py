"""What the rehearsal finds of the rows that make a statement fail, and of those it changes silently."""

from dataclasses import dataclass

from installer.bundle.sql.statement_words import names_in
from installer.bundle.sql.statements import split_statements
from installer.mariadb.losses.count_losses import count, select_of
from installer.mariadb.losses.plan_losses import expected_losses
from installer.mariadb.offenders.find_offenders import FailedStatement, find_offenders
from installer.mariadb.server.queries import ServerError, rows_of, run_sql
from installer.mariadb.server.server import connect
from installer.mariadb.trial.empty_tables import lay_out, side_schema
from tests.agreement.place import Ids, Place

ALL_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"


@dataclass(frozen=True)
class Count:
    """`rows` are the offenders by id; `is_whole` unless the rehearsal says that there may be more.

    `is_counted_right`: each number it tells is that of its own SELECT.
    """

    rows: Ids
    is_whole: bool
    is_counted_right: bool
    notes: tuple[str, ...]


def rehearsed(place: Place, sql: str) -> Count:
    """What is found when a statement fails on the tables of the suite."""
    with place.tables() as connection:
        try:
            run_sql(connection, sql)
        except ServerError as error:
            failed = FailedStatement(sql, error.code, error.text)
        today = frozenset(rows_of(connection, ALL_COLUMNS))
    found = find_offenders(place.address, failed, today)
    with connect(place.address) as connection:
        ids = [
            [int(row[0]) for row in rows_of(connection, f"SELECT id FROM ({one.select}) AS found")]
            for one in found.offenders
        ]
    right = all(len(each) == one.rows for each, one in zip(ids, found.offenders, strict=True))
    return Count(frozenset(id_ for each in ids for id_ in each), not found.notes, right, found.notes)


def silently_changed(place: Place, sql: str) -> Ids | None:
    """The rows that an ALTER will change without an error; None where the rehearsal says no number."""
    database = place.address.database
    with place.tables() as connection, side_schema(place.address, "probe") as side:
        lay_out(side, database, names_in(sql))
        [expected] = expected_losses(side, split_statements(sql))
        counts = [count(connection, database, loss) for loss in expected.columns]
        if expected.forgiving or expected.is_opaque or None in counts:
            return None
        selects = [select_of(loss) for loss, rows in zip(expected.columns, counts, strict=True) if rows]
        found = [rows_of(connection, f"SELECT id FROM ({select}) AS found") for select in selects]
    return frozenset(int(row[0]) for rows in found for row in rows)
