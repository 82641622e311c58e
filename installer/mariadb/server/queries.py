"""Asking a connected MariaDB server: queries, names quoted, and its errors as ours."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installer.errors import Refused
from installer.text import _

if TYPE_CHECKING:
    from pymysql.connections import Connection
    from pymysql.cursors import Cursor

    Server = Connection[Cursor]

Value = str | int | float | None
LOST_CONNECTION = (0, 1053, 1927, 2006, 2013)  # 0: PyMySQL on a closed connection; 1053 shutdown; 1927 killed


@dataclass(frozen=True)
class Said:
    """What the server adds to an answer: often nothing, or `Records: 3  Duplicates: 1  Warnings: 0`."""

    message: str = ""
    warnings: int = 0


NOTHING_ADDED = Said()


class ServerError(Refused):
    """The server said no to a statement; `code` is its number, `text` its words.

    Whoever was changing something catches it and says what is half done.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(_("MariaDB error {code}: {text}", code=code, text=text))
        self.code, self.text = code, text

    @property
    def is_lost_connection(self) -> bool:
        """Whether the server went away rather than said no."""
        return self.code in LOST_CONNECTION


@contextmanager
def translated() -> Iterator[None]:
    """Turns PyMySQL's errors in the body into `ServerError`."""
    import pymysql

    try:
        yield
    except pymysql.MySQLError as error:
        raise ServerError(*code_and_text(error)) from error


def rows_of(connection: "Server", sql: str, values: Sequence[Value] | None = None) -> list[tuple[Any, ...]]:
    """All rows of one query, as the driver gives them. Without `values` a `%` is a plain character."""
    with translated(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def value_of(connection: "Server", sql: str, values: Sequence[Value] | None = None) -> Any:
    """The first column of the only row, or None."""
    rows = rows_of(connection, sql, values)
    return rows[0][0] if rows else None


def run_sql(connection: "Server", sql: str, values: Sequence[Value] | None = None) -> None:
    """Run one statement that has no result."""
    with translated(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def said(cursor: "Cursor") -> Said:
    """What the server added to the answer that the cursor is at."""
    answer: Any = vars(cursor)["_result"]  # PyMySQL keeps it to itself
    message = (getattr(answer, "message", None) or b"").decode(errors="replace")
    return Said(message[message.find("R") :] if "R" in message else "", answer.warning_count or 0)


def quoted(name: str) -> str:
    """`name` as an identifier in SQL, whatever is in it."""
    return "`" + name.replace("`", "``") + "`"


def server_version(connection: "Server") -> str:
    """The server's own words, like `10.11.19-MariaDB`."""
    return str(value_of(connection, "SELECT VERSION()"))


def code_and_text(error: BaseException) -> tuple[int, str]:
    """The server's number and words in an error of PyMySQL; number 0 when it has none."""
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    return code, str(error.args[1]) if len(error.args) > 1 else str(error)
