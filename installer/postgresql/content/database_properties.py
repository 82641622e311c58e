"""Reads the properties of a database itself, which a dump has only together with its name."""

from typing import TYPE_CHECKING

from installer.postgresql.server.queries import rows_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

SORTED = "array_to_string(ARRAY(SELECT unnest({rights})::text ORDER BY 1), E'\\n')"  # in any order the same
PROPERTIES = f"""SELECT pg_encoding_to_char(encoding), datcollate, datctype, pg_get_userbyid(datdba),
    {SORTED.format(rights="datacl")}, coalesce(shobj_description(oid, 'pg_database'), ''),
    datconnlimit::text, (SELECT spcname FROM pg_tablespace AS s WHERE s.oid = dattablespace),
    datallowconn::text
    FROM pg_database WHERE datname = current_database()"""
NAMES = ("encoding", "collation", "character type", "owner", "rights", "comment", "connection limit",
         "tablespace", "allows connections")  # fmt: skip
PROVIDER = "SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()"
SETTINGS = """SELECT setting FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS setting
    WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY 1"""
OBJECTS = f"""SELECT oid::text, concat_ws(' ', pg_get_userbyid(lomowner), {SORTED.format(rights="lomacl")})
    FROM pg_largeobject_metadata"""


def read_properties(connection: "Server") -> dict[str, str]:
    """Returns the properties of the connected database by name, settings of it included."""
    (values,) = rows_of(connection, PROPERTIES)
    settings = "\n".join(setting for (setting,) in rows_of(connection, SETTINGS))
    return {**dict(zip(NAMES, map(str, values), strict=True)), "settings": settings}


def read_large_objects(connection: "Server") -> dict[str, str]:
    """Returns owner and rights of each large object by its number."""
    return dict(rows_of(connection, OBJECTS))
