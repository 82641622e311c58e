"""Reads which accounts have rights of their own on a schema; never reads their passwords.

Accounts with rights on the whole server (root, the health check's) belong to the server, not to the
application: they are listed only if they also have rights on this schema.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from installer.mariadb.server.queries import ServerError, quoted, rows_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

PLACES = ("db", "tables_priv", "columns_priv", "procs_priv")  # tables of the schema mysql
ON = re.compile(r" ON (?:PROCEDURE |FUNCTION |PACKAGE |PACKAGE BODY )?(`(?:[^`]|``)*`|\*)\.")
BEFORE_SECRET = re.compile(r"\s+IDENTIFIED\s", re.IGNORECASE)  # a password's hash follows
ESCAPED = re.compile(r"\\([_%\\])")


def read_grants(connection: "Server", database: str) -> dict[str, tuple[str, ...]] | None:
    """Returns the statements that grant rights on `database`, by account (`'name'@'host'`, a role as `name`).

    None where the connection's user may not read the accounts.
    """
    try:
        accounts = sorted(set(_accounts(connection, database)))
        return {_written(*account): _statements(connection, database, *account) for account in accounts}
    except ServerError as error:
        if error.is_lost_connection:
            raise
        return None


def _accounts(connection: "Server", database: str) -> Iterator[tuple[str, str]]:
    for place in PLACES:
        for user, host, pattern in rows_of(connection, f"SELECT user, host, db FROM mysql.{place}"):
            if _matches(str(pattern), database, is_pattern=place == "db"):
                yield str(user), str(host)


def _statements(connection: "Server", database: str, user: str, host: str) -> tuple[str, ...]:
    said = rows_of(connection, f"SHOW GRANTS FOR {_written(user, host)}")
    lines = (BEFORE_SECRET.split(str(line), maxsplit=1)[0] for (line,) in said)
    return tuple(line for line in lines if _concerns(line, database))


def _concerns(statement: str, database: str) -> bool:
    """Returns whether a GRANT covers `database`.

    Global rights and roles do; rights on another schema do not.
    """
    found = ON.search(statement)
    if found is None or found[1] == "*":
        return True
    return _matches(found[1][1:-1].replace("``", "`"), database, is_pattern=True)


def _matches(pattern: str, database: str, *, is_pattern: bool) -> bool:
    if not is_pattern:
        return pattern.lower() == database.lower()
    parts = re.split(r"(\\.|[_%])", pattern)
    wild = {"_": ".", "%": ".*"}
    regex = "".join(wild.get(part) or re.escape(ESCAPED.sub(r"\1", part)) for part in parts)
    return re.fullmatch(regex, database, re.IGNORECASE | re.DOTALL) is not None


def _written(user: str, host: str) -> str:
    if not host:
        return quoted(user)  # a role
    return "@".join("'" + part.replace("\\", "\\\\").replace("'", "''") + "'" for part in (user, host))
