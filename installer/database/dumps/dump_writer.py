"""Writes a dump's file: compresses SQL while it streams in and verifies it, in constant memory."""

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installer.bundle.archive.checksums import Tally
from installer.database.dumps.dump_reader import TAIL_BYTES, IsComplete, damaged, digest_of
from installer.errors import Refused
from installer.screen.console import Advance
from installer.system.age import encrypting
from installer.system.block_packer import BlockPacker, Writable
from installer.text import _

GZIP = 31  # zlib's window bits for a gzip member: header without name or time
LEVEL = 1  # the dump waits for compression, and higher levels gain little
SAMPLE_BYTES = 16 << 10


@dataclass(frozen=True)
class Written:
    """Holds digest and size of the file, size of the SQL, and whether the SQL is complete."""

    sha256: str
    size_bytes: int
    sql_bytes: int
    is_complete: bool


def write_dump(
    sql: Iterable[bytes], path: Path, recipients: tuple[str, ...], advance: Advance, is_complete: IsComplete
) -> Written:
    """Compresses SQL into a new file at `path`, readable by its owner only, and verifies the file.

    Each block is decompressed again while the next ones arrive; then the file is read back. With `recipients`
    it is encrypted to them. Raises `Refused` when the file differs from what was written.
    """
    with _new_file(path) as file, _into(file, recipients) as sink:
        packed = _Counted(sink)
        sql_bytes, tail = _pack(sql, packed, advance)
    sha256, size_bytes = digest_of(path)
    if not recipients and (sha256, size_bytes) != (packed.sha256, packed.size_bytes):
        raise damaged(path, _("The disk returned other data than was written."))
    return Written(sha256, size_bytes, sql_bytes, is_complete(tail))


class _Counted(Tally):
    """Passes bytes on and keeps their digest and number."""

    def __init__(self, sink: IO[bytes]) -> None:
        super().__init__()
        self._sink = sink

    def write(self, content: bytes) -> None:
        self._sink.write(content)
        self.count(content)


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Yields a new file, and flushes it to the disk when the body succeeds."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _into(file: IO[bytes], recipients: tuple[str, ...]) -> Iterator[IO[bytes]]:
    with encrypting(file, recipients) if recipients else nullcontext(file) as sink:
        yield sink


def _pack(sql: Iterable[bytes], packed: Writable, advance: Advance) -> tuple[int, bytes]:
    """Returns the size of the SQL, and its last bytes."""
    sql_bytes, tail = 0, b""
    with BlockPacker(packed, _proven_member) as writer:
        for chunk in sql:
            writer.write(chunk)
            advance(len(chunk))
            sql_bytes, tail = sql_bytes + len(chunk), (tail + chunk[-TAIL_BYTES:])[-TAIL_BYTES:]
    return sql_bytes, tail


def _proven_member(block: bytes) -> bytes:
    packed = _member(block)
    if zlib.decompress(packed, GZIP, len(block)) != block:
        raise Refused(
            _("Compression on this machine gives wrong results; its memory or processor may be faulty.")
        )
    return packed


def _member(content: bytes) -> bytes:
    """Returns a gzip member, with the same bytes for the same content; zlib releases Python's lock.

    Binary data in hex has no repetitions: codes alone take half the time, and are a tenth smaller.
    """
    sample = content[:SAMPLE_BYTES]
    codes_alone = len(_deflated(sample, zlib.Z_HUFFMAN_ONLY)) < len(
        _deflated(sample, zlib.Z_DEFAULT_STRATEGY)
    )
    return _deflated(content, zlib.Z_HUFFMAN_ONLY if codes_alone else zlib.Z_DEFAULT_STRATEGY)


def _deflated(content: bytes, strategy: int) -> bytes:
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP, zlib.DEF_MEM_LEVEL, strategy)
    return compressor.compress(content) + compressor.flush()
