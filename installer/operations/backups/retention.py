"""Chooses which backups to delete: the oldest, but none that a rollback needs, and no foreign file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.database.records.backup_record import (
    NAME_OF_FILE,
    Backup,
    dumps_in,
    list_backups,
    record_path,
)
from installer.errors import Refused
from installer.operations.backups.backup_sets import sets_among
from installer.operations.plan.import_plan_file import load_plan
from installer.site.paths import backups_folder, runs_folder
from installer.system.files.files import fsync_folder, writable
from installer.text import _
from installer.workflow.journal import Journal, runs_in

UNDONE = ("restored", "refused")


@dataclass(frozen=True)
class Pruning:
    """Lists the backups to delete, and the older ones that stay because a rollback needs them."""

    goes: tuple[Backup, ...]
    needed: tuple[Backup, ...]

    @property
    def size_bytes(self) -> int:
        """Returns the disk space that deleting them frees, in bytes."""
        return sum(backup.size_bytes for backup in self.goes)


def plan_pruning(release: Path, keep: int) -> Pruning:
    """Keeps the newest `keep` backups of each database of a release, and those that a run in it needs.

    Of several databases it also keeps the newest backups that were made together, which a restore of all
    takes. Raises `Refused` if those that a run needs cannot be determined.
    """
    needed = {path.resolve() for path in _needed_paths(release)}
    found = list_backups(backups_folder(release))
    newest = {one.path for service in {one.service for one in found} for one in _of(service, found)[-keep:]}
    older = [backup for backup in found if backup.path not in {*newest, *_newest_together(found)}]
    return Pruning(
        tuple(backup for backup in older if backup.path.resolve() not in needed),
        tuple(backup for backup in older if backup.path.resolve() in needed),
    )


def _newest_together(backups: Sequence[Backup]) -> list[Path]:
    """Returns the newest backups of as many databases as any command has backed up together."""
    sets = [together for together in sets_among(backups) if len(together) > 1]
    largest = max(map(len, sets), default=0)
    complete = [together for together in sets if len(together) == largest]
    return [one.path for one in complete[-1]] if complete else []


def _of(service: str, backups: Sequence[Backup]) -> list[Backup]:
    return [backup for backup in backups if backup.service == service]


def prune(pruning: Pruning) -> None:
    """Deletes backups, each record first: a dump that an interrupted run leaves is then no backup."""
    for backup in pruning.goes:
        folder = backup.path.parent
        with writable(folder):
            backup.record_path.unlink()
            fsync_folder(folder)
            backup.path.unlink()
            fsync_folder(folder)


def halves_in(folder: Path) -> tuple[Path, ...]:
    """Finds dumps without their record and records without their dump, sorted: none of them is a backup."""
    dumps = dumps_in(folder)
    records = {record_path(dump) for dump in dumps}
    lonely = [path for path in folder.glob("*.json") if path not in records]
    halves = (*(dump for dump in dumps if not record_path(dump).is_file()), *lonely)
    return tuple(sorted(path for path in halves if NAME_OF_FILE.fullmatch(path.name)))


def _needed_paths(release: Path) -> Iterator[Path]:
    """Lists backups of imports that are not undone: interrupted, stuck, or the one of this release."""
    for run in runs_in(runs_folder(release), "import"):
        if run.end() not in UNDONE:
            yield from _backups_of(run, release)


def _backups_of(run: Journal, release: Path) -> tuple[Path, ...]:
    try:
        plan = load_plan(run.plan(), release)
        return tuple(map(plan.backup_path, plan.databases))
    except (OSError, ValueError, KeyError, TypeError) as unreadable:
        raise Refused(
            _("The backup that an earlier import needs could not be determined; nothing was deleted."),
            details=[f"{run.folder}: {unreadable}"],
        ) from unreadable
