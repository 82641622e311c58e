"""Reports what a dump made by hand lacks, and which objects of the database it would delete."""

from collections.abc import Iterator
from pathlib import Path

from installer.database.records.backup_record import is_named_by_airlock, record_path
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import DATABASE, kind_in_words
from installer.errors import Refused
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.database_beside import exists, maintenance
from installer.postgresql.restore.dump_facts import DumpFacts
from installer.postgresql.restore.missing_roles import missing_roles
from installer.postgresql.restore.restore import refuse_newer
from installer.postgresql.restore.restored_content import version_of
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from installer.text import _

NOT_IN_EVERY_DUMP = (DATABASE, "comment", "acl", "default acl", "large object", "security label")
MANY = 10


def tell_what_it_lacks(address: DatabaseAddress, dump: DumpFacts, console: Console) -> None:
    """Warns of known losses before loading. Raises `Refused` where this server cannot load the dump."""
    name, here = dump.path.name, version_of(address)
    console.say(
        _("{name}: pg_dump {client}, server {server}.", name=name, client=dump.client, server=dump.server)
    )
    refuse_newer(address, name, dump.client)
    _refuse_missing_roles(address, dump)
    console.warn(_without_record(dump.path))
    if here != dump.server:
        console.warn(
            _("The dump was made from server {there}; this server is {here}.", there=dump.server, here=here)
        )
    if not dump.has_rows:
        console.warn(_("The dump contains no rows: it was made with --schema-only."))
    for line in _gone_afterwards(address, dump):
        console.warn(line)


def _refuse_missing_roles(address: DatabaseAddress, dump: DumpFacts) -> None:
    with connect(maintenance(address)) as connection:
        missing = missing_roles(connection, dump.needed_roles, dump.roles)
    if missing:
        raise Refused(
            _(
                "This server has no role {names}, which {name} needs.",
                names=", ".join(missing),
                name=dump.path.name,
            ),
            details=[_("A dump of one database contains no roles.")],
            hint=_("Create each role, then run the command again: CREATE ROLE {name};", name=missing[0]),
        )


def _without_record(path: Path) -> str:
    if not is_named_by_airlock(path):
        return _("The dump was made without Airlock: it has no record, so the result cannot be compared.")
    if record_path(path).is_file():
        return _("The record of {name} is not used, so the result is not compared.", name=path.name)
    return _("The record of {name} is missing, so the result cannot be compared.", name=path.name)


def _gone_afterwards(address: DatabaseAddress, dump: DumpFacts) -> Iterator[str]:
    """Yields a line for each kind of object that is in the database but not in the dump."""
    if not exists(address):
        return
    there = picture_of(address, "quick").definitions
    for kind in sorted(set(there) - set(NOT_IN_EVERY_DUMP)):
        gone = [name for name in sorted(there[kind]) if (kind, name) not in dump.made]
        if gone:
            more = ", …" if len(gone) > MANY else ""
            yield _(
                "Not in the dump, will be DELETED: {kind} {names}",
                kind=kind_in_words(kind), names=", ".join(gone[:MANY]) + more,
            )  # fmt: skip
