"""Collects the migrations that were applied to the database of a release directory, as far as known."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import Database
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.database.records.backup_record import dumps_in, read_backup, stamp_of
from installer.errors import BadPackage, Refused
from installer.site.paths import backups_folder
from installer.site.release_record import read_record


def known_migrations(directory: Path, service: str) -> tuple[str, ...]:
    """Returns the migrations applied to a database of a release directory, in order, as far as known.

    Sources: the release that an import started there, and the records of its backups.
    """
    described = _databases_of(directory)
    own = (database for database in described if database.service == service)
    of_release = {migration.name for database in own for migration in database.migrations}
    labels = {service} if len(described) > 1 else {service, ""}
    recorded = of_release if read_record(directory) is not None else ()
    return tuple(sorted({*recorded, *_of_backups(backups_folder(directory), labels)}))


def _databases_of(directory: Path) -> tuple[Database, ...]:
    """Returns the databases of the release in a directory; none if it holds no release."""
    with suppress(OSError, BadPackage):
        return parse_manifest((directory / MANIFEST).read_bytes()).databases
    return ()


def _of_backups(folder: Path, labels: Collection[str]) -> tuple[str, ...]:
    """Returns the migrations in the newest record that has any; skips records that cannot be read."""
    for dump in sorted(dumps_in(folder), key=stamp_of, reverse=True):
        with suppress(Refused, OSError):
            backup = read_backup(dump)
            names = tuple(row.migration_name for row in backup.migrations or () if row.is_applied)
            if names and backup.service in labels:
                return names
    return ()
