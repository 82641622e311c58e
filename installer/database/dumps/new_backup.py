"""Brings a backup into being: hidden while it is written, published when it is verified and recorded."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from installer.database.records.backup_record import (
    DUMP_SUFFIX,
    Backup,
    part_of,
    write_record,
)
from installer.errors import Refused
from installer.screen.console import size
from installer.system.files.files import free_bytes, fsync_folder, writable
from installer.text import _


def sweep(folder: Path) -> None:
    """Deletes what killed backups left; safe because only one backup runs at a time."""
    with writable(folder):
        for left in folder.glob(part_of(folder / f"backup_*{DUMP_SUFFIX}*").name):
            left.unlink()


def refuse_without_space(needed_bytes: int, folder: Path, reserve_bytes: int) -> None:
    """Raises `Refused` when `needed_bytes` would not leave the reserve free in `folder`."""
    free = free_bytes(folder)
    if free < needed_bytes + reserve_bytes:
        raise Refused(
            _("There is not enough room for the backup in {folder}.", folder=folder),
            details=[
                _("needed: up to {size}", size=size(needed_bytes)),
                _("kept free: {size}", size=size(reserve_bytes)),
                _("free: {size}", size=size(free)),
            ],
            hint=_("Make room (see: df -h {folder}), then run the command again.", folder=folder),
        )


@contextmanager
def hidden(path: Path, failures: tuple[type[Exception], ...]) -> Iterator[Path]:
    """Yields the path where the dump is written until it is verified; deletes that file when the body ends.

    Creates the folder. Raises `Refused` with the reason when the body raises an `OSError` or one of these
    failures.
    """
    with writable(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = part_of(path)
    expected: tuple[type[Exception], ...] = (*failures, OSError)
    try:
        yield part
    except expected as failure:
        raise _not_made(failure) from failure
    finally:
        with suppress(OSError):  # a disk that became read-only
            part.unlink()


def publish(part: Path, backup: Backup) -> None:
    """Gives the dump its final name, then writes the record that makes it a backup."""
    backup.record_path.unlink(missing_ok=True)
    part.replace(backup.path)
    fsync_folder(backup.path.parent)
    try:
        write_record(backup)
    except BaseException:
        backup.path.unlink()
        raise


def _not_made(failure: Exception) -> Refused:
    details = [getattr(failure, "happened", str(failure)), *getattr(failure, "details", ())]
    return Refused(
        _("The backup failed; no file was kept."),
        details=details,
        hint=_("Check `docker ps` and the free disk space, then run the command again."),
    )
