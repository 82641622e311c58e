"""Reads the facts that a PostgreSQL server reports about itself and one database."""

from dataclasses import replace

from installer.database.values.address import DatabaseAddress
from installer.database.values.facts import DatabaseFacts
from installer.errors import Refused
from installer.postgresql.server.invalid_indexes import invalid_indexes
from installer.postgresql.server.product import product_of
from installer.postgresql.server.queries import rows_of, server_version, value_of
from installer.postgresql.server.server import connect

SIZES = """SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint, coalesce(max(pg_total_relation_size(oid)), 0)
    FROM pg_class WHERE relkind IN ('r', 'm') AND relpersistence <> 't'
    AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"""
ELSEWHERE = """SELECT count(*) FROM pg_tablespace
    WHERE spcname NOT IN ('pg_default', 'pg_global')"""
DATA_FOLDER = "SELECT setting FROM pg_settings WHERE name = 'data_directory'"  # for superusers
OWN_DATABASE = "postgres"  # every server has it, usually empty
OTHERS = f"""SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate
    AND datname NOT IN (current_database(), '{OWN_DATABASE}')
    AND NOT starts_with(datname, current_database() || '_airlock_') ORDER BY 1"""
HAS_TABLES = """SELECT EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p', 'm')
    AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)')"""


def read_facts(address: DatabaseAddress) -> DatabaseFacts:
    """Queries the server. Raises `Refused` when it does not answer or refuses the login."""
    with connect(address) as connection:
        ((data_bytes, largest_table_bytes),) = rows_of(connection, SIZES)
        tablespaces = value_of(connection, ELSEWHERE)
        return DatabaseFacts(
            product_of(connection),
            server_version(connection),
            data_bytes,
            largest_table_bytes,
            bool(tablespaces),
            warnings=tuple(one.words for one in invalid_indexes(connection)),
            other_databases=(*_default_database(address), *(name for (name,) in rows_of(connection, OTHERS))),
            data_folder="".join(name for (name,) in rows_of(connection, DATA_FOLDER)),
        )


def _default_database(address: DatabaseAddress) -> tuple[str, ...]:
    """Returns the name of the database that every server has, if somebody keeps tables there."""
    if address.database == OWN_DATABASE:
        return ()
    try:
        with connect(replace(address, database=OWN_DATABASE, schema="public")) as connection:
            return (OWN_DATABASE,) if value_of(connection, HAS_TABLES) else ()
    except Refused:  # it was dropped, or this user may not use it
        return ()
