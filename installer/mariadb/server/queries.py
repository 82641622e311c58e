"""Queries a connected MariaDB server: quotes names and translates its errors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installer.errors import Refused
from installer.mariadb.server.product import MARIADB, product_of
from installer.text import _

if TYPE_CHECKING:
    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

    Server = Connection[Cursor]

Value = str | int | float | None
LOST_CONNECTION = (0, 1053, 1927, 2006, 2013)  # 0: PyMySQL on a closed connection; 1053 shutdown; 1927 killed


@dataclass(frozen=True)
class Said:
    """Holds what the server adds to an answer: empty, or `Records: 3  Duplicates: 1  Warnings: 0`."""

    message: str = ""
    warnings: int = 0


NOTHING_ADDED = Said()


class ServerError(Refused):
    """Reports that the server refused a statement; `code` is its number, `text` its message.

    A caller that was changing something catches it and reports the incomplete state.
    """

    def __init__(self, code: int, text: str, product: str = MARIADB) -> None:
        super().__init__(_("{product} error {code}: {text}", product=product, code=code, text=text))
        self.code, self.text = code, text

    @property
    def is_lost_connection(self) -> bool:
        """Returns whether the connection was lost, rather than the statement refused."""
        return self.code in LOST_CONNECTION


@contextmanager
def translated(connection: "Server") -> Iterator[None]:
    """Turns PyMySQL's errors in the body into `ServerError`."""
    import pymysql

    try:
        yield
    except pymysql.MySQLError as error:
        raise ServerError(*code_and_text(error), product_of(connection)) from error


def rows_of(connection: "Server", sql: str, values: Sequence[Value] | None = None) -> list[tuple[Any, ...]]:
    """Returns all rows of one query, as the driver gives them.

    Without `values` a `%` is a plain character.
    """
    with translated(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def value_of(connection: "Server", sql: str, values: Sequence[Value] | None = None) -> Any:
    """Returns the first column of the only row, or None."""
    rows = rows_of(connection, sql, values)
    return rows[0][0] if rows else None


def run_sql(connection: "Server", sql: str, values: Sequence[Value] | None = None) -> None:
    """Runs one statement that has no result."""
    with translated(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)


def runs(connection: "Server", sql: str) -> bool:
    """Runs one statement; returns whether the server accepted it."""
    try:
        run_sql(connection, sql)
    except ServerError:
        return False
    return True


def schemas_of(connection: "Server") -> list[str]:
    """Returns the names of all schemas that the connection may see."""
    return [str(name) for (name,) in rows_of(connection, "SHOW DATABASES")]


def said(cursor: "Cursor") -> Said:
    """Returns what the server added to the cursor's current answer."""
    answer: Any = vars(cursor)["_result"]  # PyMySQL has no public attribute for it
    message = (getattr(answer, "message", None) or b"").decode(errors="replace")
    return Said(message[message.find("R") :] if "R" in message else "", answer.warning_count or 0)


def quoted(name: str) -> str:
    """Quotes `name` as an SQL identifier, with any characters in it."""
    return "`" + name.replace("`", "``") + "`"


def server_version(connection: "Server") -> str:
    """Returns the server's own version text, like `10.11.19-MariaDB`."""
    return str(value_of(connection, "SELECT VERSION()"))


def code_and_text(error: BaseException) -> tuple[int, str]:
    """Returns the server's number and message in an error of PyMySQL; number 0 when it has none."""
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    return code, str(error.args[1]) if len(error.args) > 1 else str(error)
