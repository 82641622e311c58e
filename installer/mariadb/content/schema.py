"""Reads every object of a schema with its definition. Its rows: `table_content`.

Backup, restore and tests compare these definitions. Everything is read; nothing is changed.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from installer.database.values.picture import kind_in_words
from installer.errors import Refused
from installer.mariadb.content.written_alike import written_alike
from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import ServerError, quoted, rows_of, translated, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

CHARACTER_SET = """SELECT
    CONCAT('CHARACTER SET ', default_character_set_name, ' COLLATE ', default_collation_name)
    FROM information_schema.schemata WHERE schema_name = DATABASE()"""
COMMENT = re.compile(r" COMMENT '((?:[^'\\]|''|\\.)*)'$")  # at the end of SHOW CREATE DATABASE
NEXT_NUMBER = re.compile(r"(\n\) ENGINE=\S+) AUTO_INCREMENT=[0-9]+")  # in SHOW CREATE TABLE
KINDS = ("table", "sequence", "view", "trigger", "procedure", "function", "package", "package body", "event")
TABLE_KINDS = {
    "BASE TABLE": "table",
    "SYSTEM VERSIONED": "table",
    "SEQUENCE": "sequence",
    "VIEW": "view",
}
OTHER_KINDS = (
    "SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    "SELECT LOWER(routine_type), routine_name FROM information_schema.routines"
    " WHERE routine_schema = DATABASE()",
    "SELECT 'event', event_name FROM information_schema.events WHERE event_schema = DATABASE()",
)
LIBRARIES = (  # of functions in other languages; since MySQL 9.2
    "SELECT 'library', library_name FROM information_schema.libraries WHERE library_schema = DATABASE()"
)
KNOWS_LIBRARIES = (
    "SELECT COUNT(*) FROM information_schema.tables"
    " WHERE table_schema = 'information_schema' AND table_name = 'LIBRARIES'"
)
TRIGGER_ORDER = (
    "SELECT action_order FROM information_schema.triggers"
    " WHERE trigger_schema = DATABASE() AND trigger_name = %s"
)
WHEN_IT_WAS_MADE = "Created"  # of a trigger; a restored trigger has another time


def list_objects(connection: "Server") -> dict[str, tuple[str, ...]]:
    """Returns the names of all objects by kind (`KINDS`, and `library` where there is one), sorted."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, name in _kinds_and_names(connection):
        found.setdefault(kind, []).append(name)
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


def read_definitions(connection: "Server") -> dict[str, dict[str, str]]:
    """Returns by kind and name the complete definition of each object.

    It includes definer, sql_mode and character set. The next number of a table or sequence is left out: it is
    data.
    """
    return {
        kind: {name: _definition(connection, kind, name) for name in names}
        for kind, names in list_objects(connection).items()
    }


def character_set(connection: "Server") -> str:
    """Returns the character set of a new table that names none."""
    return str(value_of(connection, CHARACTER_SET))


def database_comment(connection: "Server", database: str) -> str:
    """Returns the comment of the schema as the server writes it; empty where it has none."""
    found = COMMENT.search(create_database_statement(connection, database))
    return found[1] if found else ""


def create_database_statement(connection: "Server", database: str) -> str:
    """Returns the statement that creates the schema with its character set, collation and comment."""
    return str(rows_of(connection, f"SHOW CREATE DATABASE {quoted(database)}")[0][1])


def _kinds_and_names(connection: "Server") -> Iterator[tuple[str, str]]:
    for name, kind in rows_of(
        connection,
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE()",
    ):
        yield TABLE_KINDS[kind], name
    for source in OTHER_KINDS:
        yield from rows_of(connection, source)
    if is_mysql(connection) and value_of(connection, KNOWS_LIBRARIES):
        yield from rows_of(connection, LIBRARIES)


def _definition(connection: "Server", kind: str, name: str) -> str:
    headings, row = _shown(connection, kind, name)
    if None in row:
        raise Refused(
            _(
                "The database user has no right to read the definition of {kind} `{name}`.",
                kind=kind_in_words(kind),
                name=name,
            ),
            hint=_("Use the root user of the database, or grant the right to read it."),
        )
    said = {
        heading: value for heading, value in zip(headings, row, strict=True) if heading != WHEN_IT_WAS_MADE
    }
    parts = [f"{heading}: {_alike(connection, kind, str(value))}" for heading, value in said.items()]
    text = "\n".join([*parts, *_turn(connection, kind, name)])
    return NEXT_NUMBER.sub(r"\1", text) if kind == "table" else text


def _alike(connection: "Server", kind: str, text: str) -> str:
    return written_alike(kind, text) if is_mysql(connection) else text


def _shown(connection: "Server", kind: str, name: str) -> tuple[list[str], tuple[object, ...]]:
    """Returns headings and row of SHOW CREATE.

    Raises `Refused` for a corrupt routine, which gives an error.
    """
    try:
        with translated(connection), connection.cursor() as cursor:
            cursor.execute(f"SHOW CREATE {kind.upper()} {quoted(name)}")
            return [column[0] for column in cursor.description or ()], cursor.fetchone() or ()
    except ServerError as error:
        if error.is_lost_connection:
            raise
        raise Refused(
            _("The definition of {kind} `{name}` cannot be read.", kind=kind_in_words(kind), name=name),
            details=[error.happened],
            hint=_("Recreate it or drop it, then run the command again."),
        ) from error


def _turn(connection: "Server", kind: str, name: str) -> list[str]:
    """Returns a trigger's position among the triggers of its table, which SHOW CREATE leaves out."""
    return [str(value_of(connection, TRIGGER_ORDER, (name,)))] if kind == "trigger" else []
