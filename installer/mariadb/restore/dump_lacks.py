"""Reports what a dump made by hand lacks, and which objects of the database it would delete."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from installer.database.records.backup_record import is_named_by_airlock, record_path
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import kind_in_words
from installer.errors import Refused
from installer.mariadb.content.schema import list_objects
from installer.mariadb.restore.dump_facts import DumpFacts
from installer.mariadb.restore.replace_content import has_schema
from installer.mariadb.server.queries import ServerError, run_sql, server_version
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

UNKNOWN_COLLATION = 1273
IN_EVERY_DUMP = ("table", "sequence", "view")
ROUTINES = ("procedure", "function", "package", "package body", "library")
MANY = 10


def tell_what_it_lacks(address: DatabaseAddress, dump: DumpFacts, console: Console) -> None:
    """Warns of known losses before loading. Raises `Refused` where this server cannot load the dump."""
    console.say(
        _(
            "{name}: {program}, server {server}.",
            name=dump.path.name,
            program=dump.program,
            server=dump.server,
        )
    )
    with connect(address, schema=False) as connection:
        _refuse_unknown_collations(connection, dump)
        here = server_version(connection)
    console.warn(_without_record(dump.path))
    if here != dump.server:
        console.warn(
            _("The dump was made from server {there}; this server is {here}.", there=dump.server, here=here)
        )
    if not dump.has_routines:
        console.warn(_("The dump contains no routines: it was made without --routines."))
    if not dump.has_events:
        console.warn(_("The dump contains no events: it was made without --events."))
    for line in _gone_afterwards(address, dump):
        console.warn(line)


def _without_record(path: Path) -> str:
    if not is_named_by_airlock(path):
        return _("The dump was made without Airlock: it has no record, so the result cannot be compared.")
    if record_path(path).is_file():
        return _("The record of {name} is not used, so the result is not compared.", name=path.name)
    return _("The record of {name} is missing, so the result cannot be compared.", name=path.name)


def _refuse_unknown_collations(connection: "Server", dump: DumpFacts) -> None:
    unknown = [name for name in sorted(dump.collations) if _is_unknown(connection, name)]
    if unknown:
        raise Refused(
            _("This server does not support {names}.", names=", ".join(unknown)),
            details=[_("The dump was made from server {there}.", there=dump.server)],
            hint=_("Restore the dump on a server that supports them, or replace them in the file."),
        )


def _is_unknown(connection: "Server", collation: str) -> bool:
    character_set = collation.partition("_")[0]
    try:
        run_sql(connection, f"DO CONVERT('' USING {character_set}) COLLATE {collation}")
    except ServerError as error:
        return error.code == UNKNOWN_COLLATION
    return False


def _gone_afterwards(address: DatabaseAddress, dump: DumpFacts) -> Iterator[str]:
    """Yields a line for each kind of object that is in the database but not in the dump."""
    if not has_schema(address):
        return
    with connect(address) as connection:
        there = list_objects(connection)
    for kind, names in there.items():
        gone = [name for name in names if _is_lacking(kind, name, dump)]
        if gone:
            more = ", …" if len(gone) > MANY else ""
            yield _(
                "Not in the dump, will be DELETED: {kind} {names}",
                kind=kind_in_words(kind), names=", ".join(gone[:MANY]) + more,
            )  # fmt: skip


def _is_lacking(kind: str, name: str, dump: DumpFacts) -> bool:
    if kind in IN_EVERY_DUMP:
        return (kind, name) not in dump.made
    if kind in ROUTINES:
        return not dump.has_routines
    return kind == "event" and not dump.has_events
