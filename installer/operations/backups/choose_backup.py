"""Finds the backup that a person means: one of Airlock's with its record, or a dump made by hand."""

from collections.abc import Collection
from pathlib import Path

from installer.database.records.backup_record import (
    Backup,
    is_named_by_airlock,
    list_backups,
    read_backup,
    record_path,
)
from installer.errors import Refused
from installer.text import _


def choose_backup(
    folder: Path, name: str | None, *, unproven: bool, labels: Collection[str] = ("",)
) -> Backup | Path:
    """Returns the newest backup in `folder`, or the one that `name` names there or by its path.

    The newest is one of a database whose service is among `labels`; it is empty where there is only one.
    A dump without a record is returned as a path; `unproven` ignores an existing record. Raises `Refused`,
    also for a dump of Airlock whose record is missing, unless `unproven`.
    """
    if name is None:
        newest = _newest(folder, labels)
        return newest.path if unproven else newest
    path = folder / name if (folder / name).exists() else Path(name)
    if not path.exists():
        raise Refused(
            _("There is no backup {name}.", name=name),
            details=[_("Looked for in {folder} and as a path.", folder=folder)],
            hint=_("See the backups: ./airlock backups"),
        )
    has_record = record_path(path) != path and record_path(path).is_file()
    if has_record and not unproven:
        return read_backup(path)
    if is_named_by_airlock(path) and not unproven:
        raise _record_is_missing(path)
    return path


def _record_is_missing(path: Path) -> Refused:
    return Refused(
        _("The record of the backup {name} is missing: {file}.", name=path.name, file=record_path(path).name),
        details=[_("Airlock writes the record last: the backup may be incomplete.")],
        hint=_(
            "To restore it without a comparison, run: ./airlock restore --unproven {name}", name=path.name
        ),
    )


def _newest(folder: Path, labels: Collection[str]) -> Backup:
    found = [backup for backup in list_backups(folder) if backup.service in labels]
    if not found:
        raise Refused(
            _("There is no backup in {folder}.", folder=folder), hint=_("Make one: ./airlock backup")
        )
    return found[-1]
