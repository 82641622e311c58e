"""Loads a dump into a server that has nothing yet, neither its database nor its roles."""

from collections.abc import Iterable

from installer.database.values.address import DatabaseAddress
from installer.postgresql.restore.database_beside import maintenance
from installer.postgresql.restore.dump_parts import cut_roles_off
from installer.postgresql.restore.missing_roles import create_missing_roles
from installer.postgresql.restore.replace_content import Compare, replace_content
from installer.postgresql.server.server import connect


def fill_server(address: DatabaseAddress, statements: str, sql: Iterable[bytes], compare: Compare) -> None:
    """Creates the roles of the dump `sql`, and then the database by `statements`, which name roles, too.

    Raises `ServerError` for a role, `ContentUntouched` for anything else and if `compare` returns lines.
    """
    roles, rest = cut_roles_off(sql)
    with connect(maintenance(address)) as connection:
        create_missing_roles(connection, roles)
    replace_content(address, statements, rest, compare)
