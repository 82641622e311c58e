"""Compares a schema with a backup's record."""

from collections.abc import Iterator, Mapping

from installer.database.records.backup_record import Backup
from installer.database.values.picture import DATABASE, Picture, fingerprints, kind_in_words
from installer.text import _


def differences(backup: Backup, now: Picture, *, same_server: bool) -> tuple[str, ...]:
    """Returns one line for each object, table or account that is missing, new or different.

    Another version of the server (`same_server` False) prints definitions in its own way and may calculate
    checksums differently: then only names and numbers of rows are compared.
    """
    return (
        *_object_differences(backup, now, same_server),
        *_table_differences(backup, now, same_server),
        *_position_differences(backup, now),
        *([] if backup.migrations == now.migrations else [_("_prisma_migrations: the rows differ")]),
        *right_differences(backup, now.grants, same_server=same_server),
    )


def right_differences(
    backup: Backup, now: Mapping[str, tuple[str, ...]] | None, *, same_server: bool
) -> Iterator[str]:
    """Yields a line for each account whose rights on the schema differ; none where either are not known.

    The rights belong to the server: a restore leaves them as they are. The server lists rights on routines in
    no order.
    """
    if backup.grants is None or now is None:
        return
    for account in sorted({*backup.grants, *now}):
        before, after = backup.grants.get(account), now.get(account)
        if after is None:
            yield _("missing: the rights of {account}", account=account)
        elif before is None:
            yield _("not in the backup: rights of {account}", account=account)
        elif same_server and sorted(before) != sorted(after):
            yield _("different: the rights of {account}", account=account)


def _object_differences(backup: Backup, now: Picture, same_server: bool) -> Iterator[str]:
    found = fingerprints(now.definitions)
    for kind in sorted({*backup.objects, *found}):
        before, after = backup.objects.get(kind, {}), found.get(kind, {})
        for name in sorted({*before, *after}):
            if name not in after:
                yield _("missing: {kind} {name}", kind=kind_in_words(kind), name=name)
            elif name not in before and _is_recorded(kind):
                yield _("not in the backup: {kind} {name}", kind=kind_in_words(kind), name=name)
            elif same_server and before.get(name) not in (None, after[name]):
                yield _("different: {kind} {name}", kind=kind_in_words(kind), name=name)


def _is_recorded(kind: str) -> bool:
    """Returns whether every record names all of this kind; older ones lack properties of the database."""
    return kind != DATABASE


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
