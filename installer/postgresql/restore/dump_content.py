"""Describes the content of a dump without a record, and reports the result of loading it."""

from collections.abc import Iterator

from installer.database.dumps.dump_file import dump_chunks
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture, kind_in_words
from installer.errors import Refused
from installer.postgresql.content.database_statements import database_statements
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.database_beside import exists
from installer.postgresql.restore.dump_facts import DumpFacts
from installer.postgresql.restore.restored_content import Content
from installer.postgresql.server.queries import quoted
from installer.screen.console import Console
from installer.text import _

COUNTED = ("sequence", "view", "materialized view", "trigger", "function", "procedure", "type", "extension")


def content_of_dump(address: DatabaseAddress, dump: DumpFacts, create_database: str | None = None) -> Content:
    """Returns the content of a dump without a record.

    Nothing describes the expected content: only the existence of every object of the dump is compared.
    """
    return Content(
        name=dump.path.name,
        has_record=False,
        create_database=create_database or dump.create_database or _present(address),
        sql_bytes=dump.sql_bytes,
        data_bytes=None,
        read=lambda: _unchanged(dump, address),
        differences=lambda now: tuple(_missing(now, dump)),
    )


def tell_what_is_there(address: DatabaseAddress, dump: DumpFacts, console: Console) -> None:
    """Reports the content of the database after the dump was loaded."""
    now = picture_of(address)
    rows = sum(content.rows for content in now.tables.values())
    console.say(_("{name} is loaded. There is no record to compare it with.", name=dump.path.name))
    console.say(_("Tables: {tables}, rows: {rows}", tables=len(now.tables), rows=rows))
    for kind in COUNTED:
        if now.definitions.get(kind):
            console.say(f"{kind_in_words(kind)}: {len(now.definitions[kind])}")
    applied = [row.migration_name for row in now.migrations or () if row.is_applied]
    last = applied[-1] if applied else _("none")
    console.say(_("Migrations applied: {number}, the last: {name}", number=len(applied), name=last))


def _present(address: DatabaseAddress) -> str:
    """Returns the statements that create the present database; a dump of its content alone has none."""
    return database_statements(address) if exists(address) else f"CREATE DATABASE {quoted(address.database)}"


def _unchanged(dump: DumpFacts, address: DatabaseAddress) -> Iterator[bytes]:
    """Yields the file again; it has no digest, so only its size shows a change since it was read."""
    size_bytes = 0
    for chunk in dump_chunks(dump.path, address):
        size_bytes += len(chunk)
        yield chunk
    if size_bytes != dump.sql_bytes:
        raise Refused(_("{path} was changed while it was loaded.", path=dump.path))


def _missing(now: Picture, dump: DumpFacts) -> Iterator[str]:
    for kind, name in sorted(dump.made):
        if name not in now.definitions.get(kind, {}):
            yield _("missing: {kind} {name}", kind=kind_in_words(kind), name=name)
