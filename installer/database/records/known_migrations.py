"""Collects the migrations that were applied to the database of a release directory, as far as known."""

from contextlib import suppress
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import parse_manifest
from installer.database.records.backup_record import dumps_in, read_backup
from installer.errors import BadPackage, Refused
from installer.site.paths import backups_folder
from installer.site.release_record import read_record


def known_migrations(directory: Path) -> tuple[str, ...]:
    """Returns the migrations applied to the database of a release directory, in order, as far as known.

    Sources: the release that an import started there, and the records of its backups.
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
    """Returns the migrations in the newest record that has any; skips records that cannot be read."""
    for dump in sorted(dumps_in(folder), key=lambda path: path.name[-25:], reverse=True):
        with suppress(Refused, OSError):
            names = tuple(row.migration_name for row in read_backup(dump).migrations or () if row.is_applied)
            if names:
                return names
    return ()
