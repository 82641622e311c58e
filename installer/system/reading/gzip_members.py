"""Unpacks gzip on several processors: members that state their own size (see FORMAT.md) go to threads.

From the first member without a stated size, the rest is read one member after another.
"""

import os
import struct
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from installer.bundle.archive.checksums import Readable
from installer.bundle.archive.compression import Resumed, read_up_to
from installer.bundle.archive.gzip_stream import GZIP_MEMBER, OUTPUT_BYTES, GzipStream, broken, too_early
from installer.bundle.archive.tar_stream import Blocks
from installer.text import _

HEADER = struct.Struct("<3sB6xH2sHI")
MAGIC, EXTRA_FIELD, SUBFIELD, SIZE_BYTES = b"\x1f\x8b\x08", 0x04, b"AL", 4
SUBFIELD_BYTES = 8
LARGEST_MEMBER_BYTES = 2 << 20
MOST_THREADS = 8


class GzipMembers:
    """Unpacks a gzip stream in pieces. It uses threads, which `close` ends."""

    def __init__(self, packed: Readable) -> None:
        threads = min(os.cpu_count() or 1, MOST_THREADS)
        self._packed = packed
        self._most_waiting = threads + 1
        self._threads = ThreadPoolExecutor(threads)
        self._waiting: deque[Future[bytes]] = deque()
        self._rest: Blocks | None = None

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown(cancel_futures=True)

    def read_some(self) -> bytes | memoryview:
        """Returns the next bytes, at most 1 MiB; empty at the end. Raises `Damaged`."""
        while True:
            while self._rest is None and len(self._waiting) < self._most_waiting:
                self._hand_out()
            if not self._waiting:
                assert self._rest
                return self._rest.read_some()
            content = self._waiting[0].result()  # a damaged one stays first: nothing after it is returned
            self._waiting.popleft()
            if content:
                return content

    def _hand_out(self) -> None:
        """Passes the next member to a thread, or finds that the rest must be read in order."""
        header = read_up_to(HEADER.size, self._packed)
        size_bytes = _said_size(header)
        if size_bytes is None:
            self._rest = GzipStream(Resumed(header, self._packed)) if header else _Nothing()
            return
        rest_bytes = size_bytes - HEADER.size if _is_possible(size_bytes) else 0
        member = header + read_up_to(rest_bytes, self._packed)
        self._waiting.append(self._threads.submit(_unpacked, member, size_bytes))


class _Nothing:
    def read_some(self) -> bytes:
        return b""


def _said_size(header: bytes) -> int | None:
    """Returns the stated size of the member with this header; None if there is none."""
    if len(header) < HEADER.size:
        return None
    magic, flags, extra_bytes, subfield, field_bytes, size_bytes = HEADER.unpack(header)
    says_it = (magic, flags, subfield, field_bytes) == (MAGIC, EXTRA_FIELD, SUBFIELD, SIZE_BYTES)
    return int(size_bytes) if says_it and extra_bytes >= SUBFIELD_BYTES else None


def _is_possible(size_bytes: int) -> bool:
    return HEADER.size < size_bytes <= LARGEST_MEMBER_BYTES


def _unpacked(member: bytes, size_bytes: int) -> bytes:
    """Unpacks a member. Raises `Damaged`, also if its size differs from the stated one."""
    inflate = zlib.decompressobj(GZIP_MEMBER)
    try:
        content = inflate.decompress(member, OUTPUT_BYTES)
        content += inflate.decompress(inflate.unconsumed_tail, 1)
    except zlib.error as problem:
        raise broken(problem) from problem
    if _is_possible(size_bytes) and len(member) < size_bytes:
        raise too_early()
    if not inflate.eof or inflate.unused_data or len(content) > OUTPUT_BYTES:
        raise broken(_("a member does not have its stated size"))
    return content
