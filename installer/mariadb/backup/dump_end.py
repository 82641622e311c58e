"""Knows how a complete dump of a MariaDB server ends."""

from pathlib import Path

from installer.database.dumps.dump_reader import verify_dump
from installer.database.records.backup_record import Backup

END_MARKER = b"-- Dump completed"


def verify_backup(backup: Backup, *, identity: Path | None = None) -> None:
    """Reads the whole dump: digest, sizes, gzip's own checks, end marker. Raises `Refused` for any of them.

    Without the key in `identity`, only digest and size of an encrypted dump are checked.
    """
    verify_dump(backup, is_complete, identity=identity)


def is_complete(tail: bytes) -> bool:
    """Returns whether a dump that ends with `tail` is complete."""
    lines = tail.rstrip().splitlines()
    return bool(lines) and lines[-1].startswith(END_MARKER)
