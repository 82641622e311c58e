"""Notices that a database is empty where migrations were applied before: an empty dump is no backup then."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from installer.bundle.layout import MANIFEST, shown
from installer.bundle.manifest.manifest import parse_manifest
from installer.database.records.backup_record import dumps_in, read_backup
from installer.errors import BadPackage, Refused
from installer.mariadb.migration.history import has_history, has_other_tables
from installer.site.paths import backups_folder
from installer.site.release_record import read_record
from installer.text import _, ngettext

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

TOLD = 3


def refuse_lost_tables(connection: "Server", known: Sequence[str]) -> None:
    """Raise `Refused` when the schema has no table although the migrations `known` had been applied to it."""
    if known and not has_history(connection) and not has_other_tables(connection):
        raise Refused(
            ngettext(
                "The database has no tables, but {count} migration had been applied to it.",
                "The database has no tables, but {count} migrations had been applied to it.",
                len(known),
            ),
            details=[shown(name) for name in known[-TOLD:]],
            hint=_(
                "Its files are probably elsewhere: find them before anything writes here."
                ' See "Tidy up and rename" in DEPLOYMENT_GUIDE.md.'
            ),
        )


def known_migrations(directory: Path) -> tuple[str, ...]:
    """Migrations that were applied to the database of a release directory, in order, as far as is known.

    From the release that an import took into operation there, and from the records of its backups.
    """
    names = {*_of_release(directory), *_of_backups(backups_folder(directory))}
    return tuple(sorted(names))


def _of_release(directory: Path) -> tuple[str, ...]:
    if read_record(directory) is None:
        return ()
    with suppress(OSError, BadPackage):
        return tuple(one.name for one in parse_manifest((directory / MANIFEST).read_bytes()).migrations)
    return ()


def _of_backups(folder: Path) -> tuple[str, ...]:
    """Of the newest that has any; a record that cannot be read says nothing here."""
    for dump in sorted(dumps_in(folder), key=lambda path: path.name[-25:], reverse=True):
        with suppress(Refused, OSError):
            names = tuple(row.migration_name for row in read_backup(dump).migrations or () if row.is_applied)
            if names:
                return names
    return ()
