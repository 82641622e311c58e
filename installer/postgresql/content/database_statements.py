"""Reads the statements that create a database itself: encoding, locale, owner, rights, comment, settings."""

from collections.abc import Iterator

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Definitions
from installer.postgresql.content.schema_dump import read_schema_dump
from installer.postgresql.server.programs import schema_with_database

OWN_KINDS = ("database", "database properties")
ABOUT_IT = ("comment", "acl", "security label")
COMMAND = "\\"  # lines of psql, not of the server; behind the first one the dump is in the new database


def database_statements(address: DatabaseAddress) -> str:
    """Returns the statements as SQL; they name the database as it is named now. Raises `ToolFailed`."""
    found = read_schema_dump(schema_with_database(address), address.schema)
    return "\n\n".join(_statements(found))


def _statements(found: Definitions) -> Iterator[str]:
    for kind in OWN_KINDS:
        yield from map(_before_commands, found.get(kind, {}).values())
    for kind in ABOUT_IT:
        named = found.get(kind, {}).items()
        yield from (text for name, text in named if name.startswith("DATABASE "))


def _before_commands(text: str) -> str:
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if line.startswith(COMMAND)), len(lines))
    return "\n".join(lines[:end]).rstrip()
