"""Compares a schema with a backup's record."""

from collections.abc import Iterator

from installer.database.records.backup_record import Backup
from installer.database.values.picture import Picture, fingerprints, kind_in_words
from installer.text import _


def differences(backup: Backup, now: Picture, *, same_server: bool) -> tuple[str, ...]:
    """Returns one line for each object or table that is missing, new or different.

    Another version of the server (`same_server` False) prints definitions in its own way and may calculate
    checksums differently: then only names and numbers of rows are compared.
    """
    return (
        *_object_differences(backup, now, same_server),
        *_table_differences(backup, now, same_server),
        *_position_differences(backup, now),
        *([] if backup.migrations == now.migrations else [_("_prisma_migrations: the rows differ")]),
    )


def _object_differences(backup: Backup, now: Picture, same_server: bool) -> Iterator[str]:
    found = fingerprints(now.definitions)
    for kind in sorted({*backup.objects, *found}):
        before, after = backup.objects.get(kind, {}), found.get(kind, {})
        for name in sorted({*before, *after}):
            if name not in after:
                yield _("missing: {kind} {name}", kind=kind_in_words(kind), name=name)
            elif name not in before:
                yield _("not in the backup: {kind} {name}", kind=kind_in_words(kind), name=name)
            elif same_server and before[name] not in (None, after[name]):
                yield _("different: {kind} {name}", kind=kind_in_words(kind), name=name)


def _table_differences(backup: Backup, now: Picture, same_server: bool) -> Iterator[str]:
    inexact = {column.rpartition(".")[0] for column in backup.inexact_columns}
    for name, before in backup.tables.items():
        after = now.tables.get(name)
        if before is None or after is None:
            continue
        if before.rows != after.rows:
            yield _(
                "{name}: {after} rows instead of {before}", name=name, after=after.rows, before=before.rows
            )
        elif same_server and name not in inexact and before.checksum != after.checksum:
            yield _("{name}: values in its rows differ", name=name)


def _position_differences(backup: Backup, now: Picture) -> Iterator[str]:
    """Accepts a higher number for a table: the server continues from the highest number it finds in a row."""
    sequences = backup.objects.get("sequence", {})
    for name, before in backup.positions.items():
        after = now.positions.get(name)
        if before is None or after is None or before == after:
            continue
        if name in sequences or after < before:
            yield _(
                "{name}: the next number is {after} instead of {before}",
                name=name,
                after=after,
                before=before,
            )
