"""Loads a dump made by hand into the database, and reports the result."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import kind_in_words
from installer.errors import Refused
from installer.mariadb.content.schema import create_database_statement, list_objects
from installer.mariadb.migration.history import has_history, read_history
from installer.mariadb.restore.dump_facts import DumpFacts
from installer.mariadb.restore.dump_file import dump_chunks
from installer.mariadb.restore.replace_content import has_schema, replace_content
from installer.mariadb.restore.restored_content import Content
from installer.mariadb.server.queries import quoted, value_of
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


def restore_dump(
    address: DatabaseAddress,
    dump: DumpFacts,
    console: Console,
    *,
    safety_folder: Path | None = None,
    now: datetime | None = None,
    alone: AbstractContextManager[None] | None = None,
) -> None:
    """Drops the schema, creates it again, loads the dump, and reports the result.

    No record describes the expected content: only the existence of every table, sequence and view of the dump
    is checked. All else as `restore_exactly`.
    """
    wanted = Content(
        name=dump.path.name,
        create_database=_create_database(address, dump),
        sql_bytes=dump.sql_bytes,
        data_bytes=None,
        read=lambda: _unchanged(dump, address),
        differences=lambda there: tuple(_missing(there, dump)),
    )
    replace_content(
        address,
        wanted,
        console,
        safety_folder=safety_folder,
        now=now,
        alone=alone,
        finish=lambda: _tell_what_is_there(address, dump, console),
    )


def _create_database(address: DatabaseAddress, dump: DumpFacts) -> str:
    """Returns the statement with the dump's character set, or the database's where the dump names none."""
    if dump.create_database is not None:
        return dump.create_database
    if not has_schema(address):
        return f"CREATE DATABASE {quoted(address.database)}"
    with connect(address) as connection:
        return create_database_statement(connection, address.database)


def _unchanged(dump: DumpFacts, address: DatabaseAddress) -> Iterator[bytes]:
    """Yields the file again; it has no digest, so only its size shows a change since it was read."""
    size_bytes = 0
    for chunk in dump_chunks(dump.path, address):
        size_bytes += len(chunk)
        yield chunk
    if size_bytes != dump.sql_bytes:
        raise Refused(_("{path} was changed while it was loaded.", path=dump.path))


def _missing(address: DatabaseAddress, dump: DumpFacts) -> Iterator[str]:
    with connect(address) as connection:
        there = list_objects(connection)
    for kind, name in sorted(dump.made):
        if name not in there[kind]:
            yield _("missing: {kind} {name}", kind=kind_in_words(kind), name=name)


def _tell_what_is_there(address: DatabaseAddress, dump: DumpFacts, console: Console) -> None:
    with connect(address) as connection:
        there = list_objects(connection)
        rows = sum(_rows(connection, table) for table in there["table"])
        history = read_history(connection) if has_history(connection) else ()
    console.say(_("{name} is loaded. There is no record to compare it with.", name=dump.path.name))
    console.say(_("Tables: {tables}, rows: {rows}", tables=len(there["table"]), rows=rows))
    for kind, names in there.items():
        if kind != "table" and names:
            console.say(f"{kind_in_words(kind)}: {len(names)}")
    applied = [row.migration_name for row in history if row.is_applied]
    last = applied[-1] if applied else _("none")
    console.say(_("Migrations applied: {number}, the last: {name}", number=len(applied), name=last))


def _rows(connection: "Server", table: str) -> int:
    return int(value_of(connection, f"SELECT COUNT(*) FROM {quoted(table)}"))
