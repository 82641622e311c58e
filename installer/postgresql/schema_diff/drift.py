"""Finds drift: differences between the running schema and an empty one after the applied migrations."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import ndiff

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_messages import messages_of
from installer.database.records.applied_scripts import Drift, DriftNotKnown, applied_scripts
from installer.database.values.address import DatabaseAddress
from installer.database.values.history_row import HistoryRow
from installer.database.values.picture import DATABASE, Definitions, kind_in_words
from installer.postgresql.content.database_statements import database_statements
from installer.postgresql.content.take_picture import LARGE_OBJECT, picture_of
from installer.postgresql.restore.database_beside import drop, new_database
from installer.postgresql.schema_diff.diff import is_of_history, readable
from installer.postgresql.server.queries import ServerError, quoted, run_script
from installer.postgresql.server.server import connect
from installer.text import _

OF_THE_SITE = (DATABASE, LARGE_OBJECT, "acl", "default acl")  # which no migration of a release decides
OWNER = "-- Owner: "


def find_drift(
    copy: DatabaseAddress, live: Definitions, history: Sequence[HistoryRow], migrations: Sequence[Migration]
) -> Drift:
    """Applies the migrations that `history` records to an empty database, and compares it with `live`.

    The scripts run on the copy's server: call it only when the copy itself is no longer needed. Owners and
    rights are not compared.
    """
    try:
        scripts = applied_scripts(history, migrations)
        if not scripts:
            return Drift()
        with new_database(copy, database_statements(copy)) as side:
            for migration in scripts:
                _apply(side, migration)
            made = picture_of(side, "quick").definitions
            drop(side)
    except DriftNotKnown as reason:
        return Drift(unknown=str(reason))
    return Drift(tuple(_differences(live, made)))


def _apply(address: DatabaseAddress, migration: Migration) -> None:
    try:
        with connect(address, as_prisma=True) as connection:
            run_script(connection, f"CREATE SCHEMA IF NOT EXISTS {quoted(address.schema)}")
            for _place, part in messages_of(migration):
                run_script(connection, part)
            if connection.is_in_transaction:
                run_script(connection, "COMMIT")
    except ServerError as error:
        raise DriftNotKnown(
            _(
                "The migration `{name}` does not run on empty tables: {error}",
                name=shown(migration.name),
                error=error.happened,
            )
        ) from error


def _differences(live: Definitions, made: Definitions) -> Iterator[str]:
    for kind in dict.fromkeys((*live, *made)):
        if kind not in OF_THE_SITE:
            yield from _of_kind(kind, live.get(kind, {}), made.get(kind, {}))


def _of_kind(kind: str, live: Mapping[str, str], made: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*live, *made}):
        what = {"kind": kind_in_words(kind), "name": shown(name)}
        there, meant = _lines(live.get(name)), _lines(made.get(name))
        if is_of_history(name) or there == meant:
            continue
        if name not in made:
            yield _("{kind} `{name}` is in the database, but no migration creates it.", **what)
        elif name not in live:
            yield _("{kind} `{name}` is created by the migrations, but is not in the database.", **what)
        else:
            yield _("{kind} `{name}` differs from what the migrations create.", **what)
            yield from (f"  {shown(line)}" for line in ndiff(meant, there) if line[0] in "+-")


def _lines(definition: str | None) -> list[str]:
    """Returns the lines without the comma that only the last of a list lacks, and without the owner."""
    lines = readable(definition)
    return [line.removesuffix(",") for line in lines if not line.startswith(OWNER)]
