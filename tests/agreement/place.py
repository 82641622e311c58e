"""A database with the tables of the suite, put back to its rows before each trial."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from installer.bundle.sql.statement_words import begins_with
from installer.bundle.sql.statements import split_statements
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.queries import ServerError, run_sql, translated
from installer.mariadb.server.server import connect
from tests.agreement.tables import OTHERS, SCHEMA, TABLES, rows

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

ANY_VALUE = "SET SESSION sql_mode = '', foreign_key_checks = 0, unique_checks = 1, timestamp = DEFAULT"
Ids = frozenset[int]
ROWS_ONLY = "INSERT|REPLACE|UPDATE|DELETE|SELECT|SET"
EVERYTHING: Ids = frozenset(range(1, 100))


@contextmanager
def place_at(source: DatabaseAddress, address: DatabaseAddress) -> "Iterator[Place]":
    """The place at two empty databases of one server, with two sessions that last as long as this context."""
    with connect(source) as connection:
        _run(connection, ANY_VALUE, *_statements(SCHEMA), *_statements(OTHERS))
        marks = ", ".join(["%s"] * len(next(rows())))
        for row in rows():
            run_sql(connection, f"INSERT INTO t VALUES ({marks})", row)  # type: ignore[arg-type]
    with connect(address) as setter, connect(address) as tried:
        run_sql(setter, ANY_VALUE)
        yield Place(source, address, setter, tried)


class Place:
    """Two databases: the rows as they begin, and the one for trials, whose address is `address`."""

    def __init__(
        self, source: DatabaseAddress, address: DatabaseAddress, setter: "Server", tried: "Server"
    ) -> None:
        self.address, self._source = address, source.database
        self._setter, self._tried = setter, tried
        self._last: str | None = "CREATE DATABASE"

    @contextmanager
    def tables(self, kept: Collection[int] = EVERYTHING, table: str = "") -> "Iterator[Server]":
        """A connection as a migration has it, to fresh tables; of `table` only the rows that are `kept`."""
        conditions = ((name, _among(kept) if name == table or not table else "TRUE") for name in TABLES)
        _run(
            self._setter,
            *self._lay_out(),
            *(f"DELETE FROM {name}" for name in TABLES),
            *(
                f"INSERT INTO {name} SELECT * FROM {self._source}.{name} WHERE {condition}"
                for name, condition in conditions
            ),
        )
        self._last = None
        run_sql(self._tried, f"USE {self.address.database}")
        yield self._tried

    def attempt(self, connection: "Server", sql: str) -> int | None:
        """Run a statement; the server's error number, None when it succeeds."""
        try:
            run_sql(connection, sql)
        except ServerError as error:
            return error.code
        self._last = None if begins_with(sql, ROWS_ONLY) else sql
        return None

    def _lay_out(self) -> Iterator[str]:
        """Statements that undo the last one: they make the table of an ALTER anew, or everything."""
        tables = [name for name in TABLES if self._last and f" {name} " in self._last]
        if not self._last or (begins_with(self._last, "ALTER", "TABLE") and "RENAME" not in self._last):
            yield from (f"DROP TABLE {name}" for name in tables)
        else:
            tables, database = list(TABLES), self.address.database
            yield from (f"{words} {database}" for words in ("DROP DATABASE", "CREATE DATABASE", "USE"))
        yield from (CREATE[name] for name in tables)


def _run(connection: "Server", *statements: str) -> None:
    """All in one request, which is what makes thousands of trials bearable."""
    with translated(connection), connection.cursor() as cursor:
        cursor.execute("; ".join(statements))
        while cursor.nextset():
            pass


def _among(ids: Collection[int]) -> str:
    return f"id IN ({', '.join(map(str, sorted({*ids, -1})))})"


def _statements(script: str) -> list[str]:
    return [one.text for one in split_statements(script)]


CREATE = dict(zip(TABLES, _statements(SCHEMA), strict=True))
