"""What a schema holds: every object with its definition, every table with its number of rows and checksum.

Backup and restore compare these; so do the tests. Everything is read, nothing changed.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.system.mariadb_sql import quoted, rows_of, translated, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

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
TRIGGER_ORDER = (
    "SELECT action_order FROM information_schema.triggers"
    " WHERE trigger_schema = DATABASE() AND trigger_name = %s"
)
WHEN_IT_WAS_MADE = "Created"  # of a trigger; a restored one is as good
Definitions = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class TableContent:
    """How many rows a table has and the server's own checksum over them; None where it has none."""

    rows: int
    checksum: int | None


def list_objects(connection: "Server") -> dict[str, tuple[str, ...]]:
    """The names of all objects by kind (`KINDS`), sorted."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, name in _kinds_and_names(connection):
        found[kind].append(name)
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


def kind_in_words(kind: str) -> str:
    """The word for one of `KINDS` in the person's language."""
    words = {
        "table": _("table"),
        "sequence": _("sequence"),
        "view": _("view"),
        "trigger": _("trigger"),
        "procedure": _("procedure"),
        "function": _("function"),
        "package": _("package"),
        "package body": _("package body"),
        "event": _("event"),
    }
    return words.get(kind, kind)


def read_definitions(connection: "Server") -> dict[str, dict[str, str]]:
    """By kind and name, the complete text that makes an object, with definer, sql_mode and character set."""
    return {
        kind: {name: _definition(connection, kind, name) for name in names}
        for kind, names in list_objects(connection).items()
    }


def fingerprints(definitions: Definitions) -> dict[str, dict[str, str]]:
    """By kind and name, the SHA-256 of the definition in hex."""
    return {
        kind: {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        for kind, texts in definitions.items()
    }


def read_contents(connection: "Server", tables: tuple[str, ...]) -> dict[str, TableContent]:
    """Rows and checksum of each table; reads every row once or twice."""
    return {name: _content(connection, quoted(name)) for name in tables}


def create_database_statement(connection: "Server", database: str) -> str:
    """The statement that makes the schema with its character set, collation and comment."""
    return str(rows_of(connection, f"SHOW CREATE DATABASE {quoted(database)}")[0][1])


def _kinds_and_names(connection: "Server") -> Iterator[tuple[str, str]]:
    for name, kind in rows_of(
        connection,
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE()",
    ):
        yield TABLE_KINDS[kind], name
    for source in OTHER_KINDS:
        yield from rows_of(connection, source)


def _definition(connection: "Server", kind: str, name: str) -> str:
    with translated(), connection.cursor() as cursor:
        cursor.execute(f"SHOW CREATE {kind.upper()} {quoted(name)}")
        headings, row = [column[0] for column in cursor.description or ()], cursor.fetchone() or ()
    if None in row:
        raise Refused(
            _(
                "The database user may not read the definition of {kind} `{name}`.",
                kind=kind_in_words(kind),
                name=name,
            ),
            hint=_("Use the root user of the database, or grant the right to read it."),
        )
    said = {
        heading: value for heading, value in zip(headings, row, strict=True) if heading != WHEN_IT_WAS_MADE
    }
    parts = [f"{heading}: {value}" for heading, value in said.items()]
    return "\n".join([*parts, *_position(connection, kind, name)])


def _position(connection: "Server", kind: str, name: str) -> list[str]:
    """What SHOW CREATE leaves out: where a sequence stands, and when a trigger's turn comes."""
    if kind == "sequence":
        return [str(rows_of(connection, f"SELECT * FROM {quoted(name)}")[0])]
    if kind == "trigger":
        return [str(value_of(connection, TRIGGER_ORDER, (name,)))]
    return []


def _content(connection: "Server", table: str) -> TableContent:
    rows = int(value_of(connection, f"SELECT COUNT(*) FROM {table}"))
    checksum = rows_of(connection, f"CHECKSUM TABLE {table} EXTENDED")[0][1]
    return TableContent(rows, None if checksum is None else int(checksum))
