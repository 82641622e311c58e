"""Creates the roles that a dump brings and the server lacks; those that exist stay as they are."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.server.queries import ServerError, rows_of, run_sql
from installer.postgresql.server.server import connect

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

NAME = r'("(?:[^"]|"")+"|[^\s;]+)'
OF_ROLE = re.compile(rf"(?:CREATE|ALTER) ROLE {NAME}")
MEMBERSHIP = re.compile(rf"GRANT .+ TO {NAME}", re.DOTALL)
ROLES = "SELECT quote_ident(rolname) FROM pg_roles"


@contextmanager
def missing_roles_created(address: DatabaseAddress, sql: str) -> Iterator[None]:
    """Runs the statements about roles that do not exist yet; drops these roles when the body fails.

    `sql` is what `pg_dumpall --roles-only` writes; a password in it is a hash. Raises `ServerError`.
    """
    created: dict[str, None] = {}
    try:
        with connect(address) as connection:
            _create(connection, sql, created)
        yield
    except BaseException:
        with suppress(Refused), connect(address) as connection:
            _drop(connection, reversed(created))
        raise


def missing_roles(connection: "Server", needed: Iterable[str], sql: str) -> tuple[str, ...]:
    """Returns which of the `needed` roles neither exist nor are created by `sql`, as SQL names them."""
    brought = {found[1] for one in split_postgresql(sql) if (found := OF_ROLE.match(one.text))}
    return tuple(sorted({*needed} - _existing(connection) - brought))


def _existing(connection: "Server") -> set[str]:
    return {name for (name,) in rows_of(connection, ROLES)}


def _create(connection: "Server", sql: str, created: dict[str, None]) -> None:
    existing = _existing(connection)
    for statement in split_postgresql(sql):
        found = OF_ROLE.match(statement.text) or MEMBERSHIP.match(statement.text)
        if found is not None and found[1] not in existing:
            run_sql(connection, statement.text)
            created[found[1]] = None


def _drop(connection: "Server", roles: Iterable[str]) -> None:
    for role in roles:
        with suppress(ServerError):
            run_sql(connection, f"DROP ROLE {role}")
