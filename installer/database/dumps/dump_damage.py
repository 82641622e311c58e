"""Tells a damaged dump from one that only the wrong key was given for."""

from collections.abc import Callable
from pathlib import Path

from installer.database.dumps.dump_reader import digest_of
from installer.database.records.backup_record import Backup
from installer.errors import Refused


def damage_of(backup: Backup, verify: Callable[[], None], identity: Path | None) -> tuple[str, ...]:
    """Returns why the file is not the one that was written; raises `Refused` if only the key is wrong.

    `verify` raises `Refused` for a dump that is not as recorded.
    """
    try:
        verify()
    except Refused as problem:
        if identity is not None and _is_unchanged(backup):
            raise
        return (problem.happened, *problem.details)
    return ()


def _is_unchanged(backup: Backup) -> bool:
    try:
        return digest_of(backup.path)[0] == backup.sha256
    except OSError:
        return False
