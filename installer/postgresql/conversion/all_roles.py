"""Gives a new server the roles of the old one, with the hashes of their passwords."""

import re
from collections.abc import Sequence

from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import quoted, rows_of, run_sql, value_of
from installer.postgresql.server.server import connect

FIRST = "SELECT rolname FROM pg_roles WHERE oid = 10"  # the role that initdb makes
EXISTING = "SELECT quote_ident(rolname) FROM pg_roles"
NAME = r'("(?:[^"]|"")+"|[^\s;]+)'
CREATE = re.compile(rf"CREATE ROLE {NAME}")
ALTER = re.compile(rf"ALTER ROLE {NAME} WITH ")
MD5 = re.compile(r" PASSWORD 'md5[0-9a-f]{32}'")


def first_role(address: DatabaseAddress) -> str:
    """Returns the superuser that the server was created with: it is named in grants, and must repeat them."""
    with connect(address) as connection:
        return str(value_of(connection, FIRST))


def create_roles(new: DatabaseAddress, sql: str) -> None:
    """Runs what `pg_dumpall --roles-only` wrote, but for what it says of the superuser.

    Raises `ServerError`.
    """
    with connect(new) as connection:
        existing = {name for (name,) in rows_of(connection, EXISTING)}
        for statement in _statements(sql):
            if not _is_of(CREATE, statement, existing) and not _is_of(ALTER, statement, _names(new.user)):
                run_sql(connection, statement)


def alter_first_role(new: DatabaseAddress, sql: str) -> None:
    """Gives the superuser the properties and the password of the old one. Nothing can log in as before then.

    Leaves out an MD5 hash: the new server may accept only SCRAM, and was created with the same password.
    """
    with connect(new) as connection:
        for statement in _statements(sql):
            if _is_of(ALTER, statement, _names(new.user)):
                run_sql(connection, MD5.sub("", statement))


def _statements(sql: str) -> Sequence[str]:
    return [statement.text for statement in split_postgresql(sql)]


def _is_of(pattern: re.Pattern[str], statement: str, names: set[str]) -> bool:
    found = pattern.match(statement)
    return found is not None and found[1] in names


def _names(user: str) -> set[str]:
    return {user, quoted(user)}
