"""What a schema holds: every object with its definition, every table with its number of rows and checksum.

Backup and restore compare these; so do the tests. Everything is read, nothing changed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.system.mariadb_row_sum import has_generated_columns, row_sum
from installer.system.mariadb_sql import ServerError, quoted, rows_of, translated, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

TABLES = "FROM information_schema.tables WHERE table_schema = DATABASE() AND "
WITHOUT_TRANSACTIONS = TABLES + "engine <> 'InnoDB' AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"
LARGEST_FIRST = (
    TABLES + "table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY data_length DESC, table_name"
)
CHARACTER_SET = """SELECT
    CONCAT('CHARACTER SET ', default_character_set_name, ' COLLATE ', default_collation_name)
    FROM information_schema.schemata WHERE schema_name = DATABASE()"""
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
        "database": _("database"),
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
    """By kind and name, the complete text that makes an object, with definer, sql_mode and character set.

    Where the numbering of a table or sequence stands is not in it: that is data.
    """
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


def character_set(connection: "Server") -> str:
    """What a new table of the schema gets when it names none."""
    return str(value_of(connection, CHARACTER_SET))


def tables_by_size(connection: "Server") -> tuple[str, ...]:
    """All tables that hold rows, the largest first, as far as the server knows."""
    return tuple(name for (name,) in rows_of(connection, "SELECT table_name " + LARGEST_FIRST))


def tables_without_transactions(connection: "Server") -> tuple[str, ...]:
    """Tables (MyISAM, Aria, MEMORY …) that only a lock keeps as they are, because no transaction does."""
    return tuple(name for (name,) in rows_of(connection, "SELECT table_name " + WITHOUT_TRANSACTIONS))


def read_content(connection: "Server", table: str) -> TableContent:
    """Rows and checksum of one table; reads every row, and counts them by the smallest index."""
    rows = int(value_of(connection, f"SELECT COUNT(*) FROM {quoted(table)}"))
    if has_generated_columns(connection, table):
        return TableContent(rows, row_sum(connection, table))
    return TableContent(rows, _checksum(connection, table))


def read_positions(connection: "Server") -> dict[str, int]:
    """The next number of each table that numbers its rows, and of each sequence."""
    numbered = "SELECT table_name, auto_increment " + TABLES + "auto_increment IS NOT NULL"
    sequences = rows_of(connection, "SELECT table_name " + TABLES + "table_type = 'SEQUENCE'")
    asked = "SELECT next_not_cached_value FROM "
    return {
        **{name: int(number) for name, number in rows_of(connection, numbered)},
        **{name: int(value_of(connection, asked + quoted(name))) for (name,) in sequences},
    }


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
    headings, row = _shown(connection, kind, name)
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
    text = "\n".join([*parts, *_turn(connection, kind, name)])
    return NEXT_NUMBER.sub(r"\1", text) if kind == "table" else text


def _shown(connection: "Server", kind: str, name: str) -> tuple[list[str], tuple[object, ...]]:
    """What SHOW CREATE says, under its headings; a corrupt routine has no answer but an error."""
    try:
        with translated(), connection.cursor() as cursor:
            cursor.execute(f"SHOW CREATE {kind.upper()} {quoted(name)}")
            return [column[0] for column in cursor.description or ()], cursor.fetchone() or ()
    except ServerError as error:
        if error.is_lost_connection:
            raise
        raise Refused(
            _("The definition of {kind} `{name}` cannot be read.", kind=kind_in_words(kind), name=name),
            details=[error.happened],
            hint=_("Make it anew or drop it, then run the command again."),
        ) from error


def _checksum(connection: "Server", table: str) -> int:
    checksum = rows_of(connection, f"CHECKSUM TABLE {quoted(table)} EXTENDED")[0][1]
    if checksum is None:  # the server tells why in warnings, where others raise an error
        reasons = [str(text) for _level, _code, text in rows_of(connection, "SHOW WARNINGS")]
        raise Refused(_("The rows of the table {name} cannot be read.", name=table), details=reasons)
    return int(checksum)


def _turn(connection: "Server", kind: str, name: str) -> list[str]:
    """What SHOW CREATE leaves out: when a trigger's turn comes."""
    return [str(value_of(connection, TRIGGER_ORDER, (name,)))] if kind == "trigger" else []
