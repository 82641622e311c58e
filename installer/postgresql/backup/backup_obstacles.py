"""Finds obstacles to a complete backup before it begins, and estimates its size."""

from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.postgresql.server.product import refuse_product
from installer.postgresql.server.queries import rows_of, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

IS_STANDBY = "SELECT pg_is_in_recovery()"
IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
PECULIAR = "SELECT extname FROM pg_extension WHERE extname IN ('timescaledb', 'citus') ORDER BY extname"
OTHER_SCHEMAS = "relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'"
ROWS_BYTES = f"""SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class
    WHERE relkind IN ('r', 'm') AND {OTHER_SCHEMAS}"""
OBJECTS_BYTES = "SELECT pg_table_size('pg_largeobject')"
FOREIGN = f"SELECT oid::regclass::text FROM pg_class WHERE relkind = 'f' AND {OTHER_SCHEMAS} ORDER BY 1"


def refuse_obstacles(connection: "Server") -> None:
    """Raises `Refused` when a dump could not be made, or would lack rows."""
    refuse_product(connection)
    if value_of(connection, IS_STANDBY):
        raise Refused(
            _("This PostgreSQL server is a standby: it only repeats what another server does."),
            hint=_("Back up the server that it follows, or promote this one first."),
        )
    if not value_of(connection, IS_SUPERUSER):
        raise Refused(
            _("The database's user is no superuser, so a backup might lack rows, and would lack the roles."),
            hint=_("Use the user that the image was created with: POSTGRES_USER."),
        )
    peculiar = [name for (name,) in rows_of(connection, PECULIAR)]
    if peculiar:
        raise Refused(
            _(
                "The database has extensions whose data a dump does not restore exactly: {names}",
                names=", ".join(peculiar),
            ),
            hint=_("Back up and restore this database with the extension's own tools."),
        )


def tables_elsewhere(connection: "Server") -> tuple[str, ...]:
    """Returns foreign tables: their rows are on another server, and no dump has them."""
    return tuple(name for (name,) in rows_of(connection, FOREIGN))


def estimated_bytes(connection: "Server") -> int:
    """Estimates the size of a dump's SQL; compressed, the dump takes less."""
    return sum(int(value_of(connection, question)) for question in (ROWS_BYTES, OBJECTS_BYTES))


def data_bytes(connection: "Server") -> int:
    """Returns the size of rows and indexes on the server's disk."""
    return int(value_of(connection, "SELECT pg_database_size(current_database())"))
