"""Checks that the new release's database is the one that was backed up, before it is written to.

A server that finds no files creates empty ones and is healthy: data may have been copied to a place that no
container reads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup, read_backup
from installer.database.records.differences import differences
from installer.database.values.picture import Picture
from installer.errors import Failed
from installer.operations.plan.labels import labelled
from installer.screen.console import Console
from installer.text import _

COUNTED_BYTES = 64 * 1024**2  # read in a second or two: more would lengthen the downtime
SHOWN = 20
ROWS = ("table", "sequence", "view", "materialized view")
EVENT = "event"  # a one-time event drops itself after its run


def expect_same_database(
    path: Path, database: Database, label: str, console: Console, *, is_converted: bool = False
) -> None:
    """Raises `Failed` unless the database has the history, definitions and rows of the backup at `path`.

    Compares rows if they are few: none of the backup's may be missing. Only warns of what was written after
    the backup, while the old database was still running. Of one that `is_converted`, and was compared then,
    only objects with rows are compared: another version names some others otherwise.
    """
    backup = read_backup(path)
    if is_converted:
        backup = _with_kinds(backup, ROWS)
    with database.at_one_moment() as moment:
        is_same = moment.server_version == backup.server_version
        has_events = bool(backup.objects.get(EVENT)) and moment.drops_rows_by_itself
        now = moment.picture("full" if is_counted(backup) else "quick")
    if is_converted:
        now = replace(now, definitions={kind: now.definitions.get(kind, {}) for kind in ROWS})
    missing = tuple(judge_started(backup, now, same_server=is_same, has_events=has_events))
    if missing:
        raise Failed(
            labelled(label, _("The new release's database is not the one that was backed up.")),
            details=[*missing[:SHOWN], _("The backup: {path}", path=backup.path)],
        )
    for line in differences(without_events(backup), settled(now), same_server=is_same):
        words = _(
            "Changed since the backup, which was made while the database was running: {line}", line=line
        )
        console.warn(labelled(label, words))


def is_counted(backup: Backup) -> bool:
    """Returns whether the rows are few enough to be counted in a moment."""
    return backup.data_bytes is not None and backup.data_bytes <= COUNTED_BYTES


def judge_started(backup: Backup, now: Picture, *, same_server: bool, has_events: bool) -> Iterator[str]:
    """Lists what shows that the database is not the one of the backup; nothing if it is.

    Rights are no such sign: they belong to the server. With `has_events` the server itself may have deleted
    rows meanwhile.
    """
    history_and_definitions = replace(settled(now), tables={}, grants=None)
    yield from differences(without_events(backup), history_and_definitions, same_server=same_server)
    if not has_events:
        yield from _lost_rows(backup, now)


def without_events(backup: Backup) -> Backup:
    """Returns a backup without its events: a one-time event drops itself after its run."""
    return replace(backup, objects={kind: one for kind, one in backup.objects.items() if kind != EVENT})


def settled(now: Picture) -> Picture:
    """Leaves out what a starting server may change by itself: events, and a table's next number."""
    kept = {kind: one for kind, one in now.definitions.items() if kind != EVENT}
    return replace(now, definitions=kept, positions={})


def _lost_rows(backup: Backup, now: Picture) -> Iterator[str]:
    for name, before in backup.tables.items():
        after = now.tables.get(name)
        if before is not None and after is not None and after.rows < before.rows:
            yield _(
                "{name}: {after} rows instead of {before}", name=name, after=after.rows, before=before.rows
            )


def _with_kinds(backup: Backup, kinds: Sequence[str]) -> Backup:
    return replace(backup, objects={kind: backup.objects.get(kind, {}) for kind in kinds})
