"""Queries a connected PostgreSQL server: quotes names and translates its errors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from installer.errors import Refused
from installer.postgresql.server.answers import Answer, Fields
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

Value = str | int | float | bool | None | list[str]
CONNECTION_CLASS = "08"
ENDED = ("57P01", "57P02", "57P03", "57P05", "25P03")  # by an administrator, a crash, a shutdown, a timeout
LINES = (("D", "DETAIL"), ("H", "HINT"), ("W", "CONTEXT"), ("q", "QUERY"))


class ServerError(Refused):
    """Reports that the server refused a statement; `fields` are the protocol's, none where it sent none.

    `code` is its SQLSTATE such as `42P07`, `text` its message. `details` has DETAIL, HINT and CONTEXT. A
    caller that was changing something catches it and reports the incomplete state.
    """

    def __init__(self, fields: Fields, text: str = "") -> None:
        self.fields, self.code, self.text = fields, fields.get("C", ""), fields.get("M", text)
        super().__init__(
            _("PostgreSQL error {code}: {text}", code=self.code, text=self.text),
            details=[
                f"{word}: {line}" for letter, word in LINES for line in fields.get(letter, "").splitlines()
            ],
        )

    @property
    def position(self) -> int | None:
        """Returns the place in the message that the error is about, in characters from 0."""
        return int(self.fields["P"]) - 1 if "P" in self.fields else None

    @property
    def is_lost_connection(self) -> bool:
        """Returns whether the connection was lost, rather than the statement refused."""
        return not self.code or self.code.startswith(CONNECTION_CLASS) or self.code in ENDED


@contextmanager
def translated() -> Iterator[None]:
    """Turns pg8000's errors in the body into `ServerError`."""
    from installer.postgresql.server.driver import LOST, REFUSED, fields_of

    try:
        yield
    except REFUSED as error:
        raise ServerError(fields_of(error), str(error)) from error
    except LOST as error:
        raise ServerError({}, str(error)) from error


def rows_of(connection: "Server", sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
    """Returns all rows of one statement with `values` for `$1`, `$2`, …

    Numbers, truth values and lists of them or of text have Python's types; everything else is the server's
    text.
    """
    with translated():
        return [tuple(row) for row in connection.ask(sql, values)]


def value_of(connection: "Server", sql: str, values: Sequence[Value] = ()) -> Any:
    """Returns the first column of the first row, or None."""
    rows = rows_of(connection, sql, values)
    return rows[0][0] if rows else None


def run_sql(connection: "Server", sql: str, values: Sequence[Value] = ()) -> int | None:
    """Runs one statement that has no result; returns how many rows it changed, if any can be."""
    rows_of(connection, sql, values)
    return connection.answers[-1].rows if connection.answers else None


def run_script(connection: "Server", script: str) -> list[Answer]:
    """Sends a script as one message, and returns the answer of each statement.

    The server runs it in one transaction, unless the script has its own. `connection.answers` has the answers
    before an error.
    """
    with translated():
        connection.send(script)
        return connection.answers


def databases_of(connection: "Server") -> list[str]:
    """Returns the names of all databases of the server, without the templates."""
    names = rows_of(connection, "SELECT datname FROM pg_database WHERE NOT datistemplate")
    return [name for (name,) in names]


def quoted(name: str) -> str:
    """Quotes `name` as an SQL identifier, with any characters in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quotes `text` as an SQL string that does not depend on `standard_conforming_strings`."""
    doubled = text.replace("'", "''")
    return "E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"


def server_version(connection: "Server") -> str:
    """Returns the server's own version text, like `15.18 (Debian 15.18-0+deb12u1)`."""
    return str(value_of(connection, "SHOW server_version"))
