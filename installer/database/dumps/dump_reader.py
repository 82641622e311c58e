"""Reads a dump's file back and verifies it, in constant memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from installer.bundle.archive.checksums import HashingReader
from installer.bundle.archive.gzip_stream import Damaged, GzipStream
from installer.database.records.backup_record import Backup, is_encrypted
from installer.errors import Refused
from installer.system.age import decrypting
from installer.text import _

CHUNK_BYTES = 1 << 20
TAIL_BYTES = 256
IsComplete = Callable[[bytes], bool]
"""Returns whether a dump that ends with these bytes is complete, by the engine's closing words."""


def verify_dump(backup: Backup, is_complete: IsComplete, *, identity: Path | None = None) -> None:
    """Reads the whole dump: digest, sizes, gzip's own checks, end marker. Raises `Refused` for any of them.

    Without the key in `identity`, only digest and size of an encrypted dump are checked.
    """
    try:
        sha256, size_bytes = digest_of(backup.path)
        if sha256 != backup.sha256:
            raise damaged(backup.path, _difference(backup, size_bytes))
        if identity is not None or not backup.is_encrypted:
            _verify_content(backup, is_complete, identity)
    except OSError as unreadable:
        raise damaged(backup.path, str(unreadable)) from unreadable


def read_sql(path: Path, *, identity: Path | None = None) -> Iterator[bytes]:
    """Yields the SQL of a dump in chunks; `identity` is the file with the key to an encrypted dump.

    Raises `Refused` for a damaged file, and for an encrypted one without its key.
    """
    with _compressed(path, identity) as file:
        stream, problem = GzipStream(file), ""
        try:
            while chunk := stream.read_some():
                yield chunk
        except Damaged as damage:
            problem = str(damage)
            while file.read(CHUNK_BYTES):  # the decrypting program may report its own error only at the end
                continue
    if problem:
        raise damaged(path, problem)


def digest_of(path: Path) -> tuple[str, int]:
    """Returns SHA-256 and size of a file."""
    with path.open("rb") as file:
        reader = HashingReader(file)
        while reader.read(CHUNK_BYTES):
            continue
        return reader.sha256, reader.size_bytes


def damaged(path: Path, detail: str) -> Refused:
    """Returns the error for a dump that differs from the one that was written."""
    return Refused(
        _("The backup {name} is damaged.", name=path.name.removeprefix(".").removesuffix(".part")),
        details=[detail],
        hint=_("Find an intact backup: ./airlock backups verify"),
    )


def _verify_content(backup: Backup, is_complete: IsComplete, identity: Path | None) -> None:
    sql_bytes, tail = 0, b""
    for chunk in read_sql(backup.path, identity=identity):
        sql_bytes, tail = sql_bytes + len(chunk), (tail + chunk)[-TAIL_BYTES:]
    if sql_bytes != backup.sql_bytes or not is_complete(tail):
        raise damaged(backup.path, _("The dump is incomplete: its end is missing."))


@contextmanager
def _compressed(path: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    if not is_encrypted(path):
        with path.open("rb") as file:
            yield file
    elif identity is None:
        raise Refused(
            _("The backup {name} is encrypted.", name=path.name),
            hint=_("Specify the file with its key: --identity FILE"),
        )
    else:
        with decrypting(path, identity) as file:
            yield file


def _difference(backup: Backup, size_bytes: int) -> str:
    if size_bytes < backup.size_bytes:
        return _("The file is truncated.")
    if size_bytes > backup.size_bytes:
        return _("The file is longer than recorded.")
    return _("The SHA-256 of the file differs from the recorded one.")
