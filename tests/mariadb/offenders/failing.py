"""What tests of the rehearsal share: a statement that fails because of rows, and what is found of them."""

from installer.database.values.address import DatabaseAddress
from installer.mariadb.offenders.find_offenders import FailedStatement, Findings, find_offenders
from installer.mariadb.server.queries import ServerError, rows_of, run_sql
from installer.mariadb.server.server import connect

ALL_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()"


def failure_of(address: DatabaseAddress, sql: str, *settings: str) -> FailedStatement | None:
    """Run a statement as a migration would; how it failed, None when it did not."""
    with connect(address) as connection:
        for setting in settings:
            run_sql(connection, setting)
        try:
            run_sql(connection, sql)
        except ServerError as error:
            return FailedStatement(sql, error.code, error.text, settings)
    return None


def findings(address: DatabaseAddress, sql: str, *settings: str) -> Findings:
    """What is found of the rows that make a statement fail."""
    failed = failure_of(address, sql, *settings)
    assert failed is not None, "the statement succeeds"
    with connect(address) as connection:
        today = frozenset(rows_of(connection, ALL_COLUMNS))
    return find_offenders(address, failed, today)
