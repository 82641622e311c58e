"""Knows how a complete dump of a PostgreSQL database ends."""

from pathlib import Path

from installer.database.dumps.dump_reader import verify_dump
from installer.database.records.backup_record import Backup

CLOSING_WORDS = b"-- PostgreSQL database dump complete"
BEHIND_THEM = (b"--", b"\\unrestrict")


def verify_backup(backup: Backup, *, identity: Path | None = None) -> None:
    """Reads the whole dump: digest, sizes, gzip's checks, closing words. Raises `Refused` for any of them.

    Without the key in `identity`, only digest and size of an encrypted dump are checked.
    """
    verify_dump(backup, is_complete, identity=identity)


def is_complete(tail: bytes) -> bool:
    """Returns whether a dump that ends with `tail` is complete."""
    lines = [line for line in tail.splitlines() if line.strip()]
    while lines and lines[-1] != CLOSING_WORDS and lines[-1].startswith(BEHIND_THEM):
        lines.pop()
    return lines[-1:] == [CLOSING_WORDS]
