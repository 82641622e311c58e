"""Reads the facts that a PostgreSQL server reports about itself and one database."""

from installer.database.values.address import DatabaseAddress
from installer.database.values.facts import DatabaseFacts
from installer.postgresql.server.queries import rows_of, server_version, value_of
from installer.postgresql.server.server import connect

SIZES = """SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint, coalesce(max(pg_total_relation_size(oid)), 0)
    FROM pg_class WHERE relkind IN ('r', 'm') AND relpersistence <> 't'
    AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"""
PRODUCT = "PostgreSQL"
ELSEWHERE = """SELECT count(*) FROM pg_tablespace
    WHERE spcname NOT IN ('pg_default', 'pg_global')"""


def read_facts(address: DatabaseAddress) -> DatabaseFacts:
    """Queries the server. Raises `Refused` when it does not answer or refuses the login."""
    with connect(address) as connection:
        ((data_bytes, largest_table_bytes),) = rows_of(connection, SIZES)
        tablespaces = value_of(connection, ELSEWHERE)
        version = server_version(connection)
        return DatabaseFacts(PRODUCT, version, data_bytes, largest_table_bytes, bool(tablespaces))
