"""Describes the content of a dump without a record, and reports the result of loading it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from installer.database.dumps.dump_file import dump_chunks
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import kind_in_words
from installer.errors import Refused
from installer.mariadb.content.schema import create_database_statement, list_objects
from installer.mariadb.migration.history import has_history, read_history
from installer.mariadb.restore.dump_facts import DumpFacts
from installer.mariadb.restore.replace_content import has_schema
from installer.mariadb.restore.restored_content import Content
from installer.mariadb.server.queries import quoted, value_of
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


def content_of_dump(address: DatabaseAddress, dump: DumpFacts, create_database: str | None = None) -> Content:
    """Returns the content of a dump without a record.

    Nothing describes the expected content: only the existence of every table, sequence and view of the dump
    is compared.
    """
    return Content(
        name=dump.path.name,
        create_database=create_database or _create_database(address, dump),
        sql_bytes=dump.sql_bytes,
        data_bytes=None,
        read=lambda: _unchanged(dump, address),
        differences=lambda there: tuple(_missing(there, dump)),
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


def tell_what_is_there(address: DatabaseAddress, dump: DumpFacts, console: Console) -> None:
    """Reports the content of the database after the dump was loaded."""
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
