"""Finds the roles that a dump needs, and creates those that it brings and the server lacks."""

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
ONE_NAME = r'("(?:[^"]|"")+"|[^\s;,"]+)'
NEEDED = tuple(re.compile(pattern) for pattern in (
    rf"ALTER [^']* OWNER TO {ONE_NAME};",
    rf"(?:GRANT [^']* TO|REVOKE [^']* FROM) {ONE_NAME}(?: WITH GRANT OPTION)?;",
    rf"ALTER DEFAULT PRIVILEGES FOR ROLE {ONE_NAME} (?:[^']* (?:TO|FROM) {ONE_NAME}[; ])?",
    rf"ALTER ROLE {ONE_NAME} IN DATABASE ",
))  # fmt: skip
ABOUT_ROLES = ("ALTER ", "GRANT ", "REVOKE ")
NO_ROLES = ("PUBLIC", "CURRENT_USER", "SESSION_USER", "CURRENT_ROLE")
ROLES = "SELECT quote_ident(rolname) FROM pg_roles"


@contextmanager
def missing_roles_created(address: DatabaseAddress, sql: str) -> Iterator[None]:
    """Runs the statements about roles that do not exist yet; drops these roles when the body fails.

    Roles that exist stay as they are.
    `sql` is what `pg_dumpall --roles-only` writes; a password in it is a hash. Raises `ServerError`.
    """
    with connect(address) as connection:
        before = _existing(connection)
    try:
        with connect(address) as connection:
            create_missing_roles(connection, sql)
        yield
    except BaseException:
        with suppress(Refused), connect(address) as connection:
            _drop(connection, _brought(sql) - before)
        raise


def create_missing_roles(connection: "Server", sql: str) -> tuple[str, ...]:
    """Runs the statements about roles that do not exist yet, and returns their names as SQL names them.

    Raises `ServerError`.
    """
    existing, created = _existing(connection), dict[str, None]()
    for statement in split_postgresql(sql):
        found = OF_ROLE.match(statement.text) or MEMBERSHIP.match(statement.text)
        if found is not None and found[1] not in existing:
            run_sql(connection, statement.text)
            created[found[1]] = None
    return tuple(created)


def needed_roles(statement: str) -> Iterator[str]:
    """Yields the roles that `pg_dump` names in a statement, as SQL names them: owners, and who has rights."""
    if not statement.startswith(ABOUT_ROLES):
        return
    for pattern in NEEDED:
        found = pattern.match(statement)
        if found:
            yield from (name for name in found.groups() if name and name not in NO_ROLES)


def missing_roles(connection: "Server", needed: Iterable[str], sql: str) -> tuple[str, ...]:
    """Returns which of the `needed` roles neither exist nor are created by `sql`, as SQL names them."""
    return tuple(sorted({*needed} - _existing(connection) - _brought(sql)))


def _existing(connection: "Server") -> set[str]:
    return {name for (name,) in rows_of(connection, ROLES)}


def _brought(sql: str) -> set[str]:
    return {found[1] for one in split_postgresql(sql) if (found := OF_ROLE.match(one.text))}


def _drop(connection: "Server", roles: Iterable[str]) -> None:
    for role in roles:
        with suppress(ServerError):
            run_sql(connection, f"DROP ROLE {role}")
