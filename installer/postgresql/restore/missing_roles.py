"""Creates the roles that a backup needs and the server lacks; those that exist stay as they are."""

import re
from typing import TYPE_CHECKING

from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.postgresql.server.queries import rows_of, run_sql

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

NAME = r'("(?:[^"]|"")+"|[^\s;]+)'
OF_ROLE = re.compile(rf"(?:CREATE|ALTER) ROLE {NAME}")
MEMBERSHIP = re.compile(rf"GRANT .+ TO {NAME}", re.DOTALL)
COMMAND = "\\"


def create_missing_roles(connection: "Server", sql: str) -> tuple[str, ...]:
    """Runs the statements about roles that do not exist yet, and returns their names as SQL names them.

    `sql` is what `pg_dumpall --roles-only` writes; a password in it is a hash. Raises `ServerError`.
    """
    existing = {name for (name,) in rows_of(connection, "SELECT quote_ident(rolname) FROM pg_roles")}
    created: dict[str, None] = {}
    for statement in split_postgresql(_without_commands(sql)):
        found = OF_ROLE.match(statement.text) or MEMBERSHIP.match(statement.text)
        if found is not None and found[1] not in existing:
            run_sql(connection, statement.text)
            created[found[1]] = None
    return tuple(created)


def _without_commands(sql: str) -> str:
    """Drops the lines that psql understands and no server does."""
    return "\n".join(line for line in sql.split("\n") if not line.startswith(COMMAND))
