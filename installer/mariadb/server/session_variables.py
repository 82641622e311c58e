"""Reads the variables of a session, and sets them in another session."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import ServerError, Value, rows_of, run_sql

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

Settings = Mapping[str, Value]
VARIABLES = (
    "SELECT variable_name, session_value, variable_type FROM information_schema.system_variables"
    " WHERE variable_scope = 'SESSION' AND read_only = 'NO'"
    " AND variable_name NOT IN ('CHARACTER_SET_DATABASE', 'COLLATION_DATABASE')"  # the schema's
)


ON_MYSQL = (  # those that a session has alone, such as its time, have no value of the server
    "SELECT variable_name, own.variable_value, IF(own.variable_value RLIKE '^[0-9]+$', 'INT', 'TEXT')"
    " FROM performance_schema.session_variables own"
    " JOIN performance_schema.global_variables servers USING (variable_name)"
    " WHERE variable_name NOT IN ('character_set_database', 'collation_database')"
)


def session_settings(connection: "Server") -> Settings:
    """Returns the variables that a session takes over from the server; none where they may not be read."""
    variables = ON_MYSQL if is_mysql(connection) else VARIABLES
    try:
        return {str(name): _typed(kind, value) for name, value, kind in rows_of(connection, variables)}
    except ServerError:
        return {}


def set_alike(connection: "Server", settings: Settings) -> None:
    """Sets the variables that differ: the server's own may have been changed since."""
    for name, value in settings.items() - session_settings(connection).items():
        with suppress(ServerError):  # some cannot be set, or not by this user
            run_sql(connection, f"SET SESSION {name} = %s", (value,))


def _typed(kind: str, value: str | None) -> Value:
    if value is None:
        return None
    if "INT" in kind:
        return int(value)
    return float(value) if kind == "DOUBLE" else value
