"""Reads the SQL of a dump made by hand: plain, gzip or zstd, recognised by its first bytes."""

import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import IO, cast

from installer.database.dumps.dump_reader import CHUNK_BYTES
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.system.docker.docker_command import ask_docker
from installer.system.process.process import ToolFailed
from installer.system.process.streaming import reading_from
from installer.text import _

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
OTHERS = {
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"age-encryption.org/": "age",
    b"-----BEGIN AGE": "age",
}


def dump_chunks(path: Path, address: DatabaseAddress) -> Iterator[bytes]:
    """Yields the SQL in chunks of bounded size. Raises `Refused` when the file cannot be read to its end.

    The program zstd is this machine's own, otherwise the one in the database's container.
    """
    try:
        with path.open("rb", buffering=0) as file, _unpacked(path, file, address) as sql:
            while chunk := sql.read(CHUNK_BYTES):
                yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
        raise _damaged(path, str(damage)) from damage
    except ToolFailed as damage:
        raise _damaged(path, *damage.details) from damage
    except OSError as problem:
        raise Refused(
            _("{path} cannot be read: {problem}.", path=path, problem=problem.strerror)
        ) from problem


@contextmanager
def _unpacked(path: Path, file: FileIO, address: DatabaseAddress) -> Iterator[IO[bytes]]:
    begins = file.read(20)
    file.seek(0)
    _refuse_another_kind(path, begins)
    if begins.startswith(GZIP):
        with gzip.open(file) as sql:
            yield cast(IO[bytes], sql)
    elif begins.startswith(ZSTD):
        with reading_from(_zstd(address), stdin=cast(IO[bytes], file)) as sql:
            yield sql
    else:
        yield cast(IO[bytes], file)


def _refuse_another_kind(path: Path, begins: bytes) -> None:
    if not begins:
        raise Refused(_("{path} is empty.", path=path))
    if begins.startswith(UTF_16):
        raise Refused(
            _("{path} is UTF-16 text, as PowerShell's `>` writes it; binary data in it is lost.", path=path),
            hint=_(
                "Create the dump again, and let the dump program write the file itself:"
                " --result-file=backup.sql (mariadb-dump) or --file=backup.sql (pg_dump)"
            ),
        )
    for magic, kind in OTHERS.items():
        if begins.startswith(magic):
            raise Refused(
                _(
                    "{path} has the format {kind}; a dump must be .sql, .sql.gz or .sql.zst.",
                    path=path,
                    kind=kind,
                ),
                hint=_("Unpack it first, then restore the .sql file."),
            )


def _zstd(address: DatabaseAddress) -> tuple[str, ...]:
    words = ("zstd", "-dcq")
    if shutil.which("zstd"):
        return words
    inside = ("docker", "exec", "-i", address.container_id, *words)
    if ask_docker(("docker", "exec", address.container_id, "zstd", "--version")).exit_code:
        raise Refused(
            _("Neither this machine nor the database's container has the program zstd."),
            hint=_("Install zstd, or unpack the file on another machine: zstd -d backup.sql.zst"),
        )
    return inside


def _damaged(path: Path, *details: str) -> Refused:
    return Refused(
        _("{path} is damaged or truncated.", path=path),
        details=details,
        hint=_("Get another copy of the file; nothing was changed."),
    )
