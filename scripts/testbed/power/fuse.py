"""Serves one regular file to the kernel by the FUSE protocol (linux/fuse.h), without any library.

Requests are answered one after the other: so their order is the order in which the disk saw them.
"""

import ctypes
import errno
import os
import struct
from pathlib import Path
from typing import Protocol

REQUEST = struct.Struct("<IIQQIIIHH")  # fuse_in_header
REPLY = struct.Struct("<IiQ")  # fuse_out_header
INIT_REPLY = struct.Struct("<IIIIHHIIHHI28x")
ATTRIBUTES = struct.Struct("<QIIQQQQQQIIIIIIIIII")  # fuse_attr_out
OPEN_REPLY = struct.Struct("<QII")
SPAN = struct.Struct("<QQI")  # fuse_read_in, fuse_write_in: file handle, offset, size
WRITE_BYTES = 40  # the size of fuse_write_in
GETATTR, SETATTR, OPEN, READ, WRITE, STATFS, RELEASE, FSYNC, FLUSH, INIT, DESTROY = (
    3, 4, 14, 15, 16, 17, 18, 20, 25, 26, 38,
)  # fmt: skip
SILENT = (2, 36, 42)  # forget, interrupt, batch forget: never answered
LONGEST_BYTES = 1 << 20
BIG_WRITES, MAX_PAGES = 1 << 5, 1 << 22
DIRECT_IO = 1
NEW_MOUNTS, PRIVATE, DETACH = 0x20000, 0x4000 | 0x40000, 2  # linux/sched.h, linux/mount.h
MODE = 0o100600


class Served(Protocol):
    """The content of the file. A write has happened when `write` returns, and is certain after `flush`."""

    size: int

    def read(self, offset: int, size: int) -> bytes: ...

    def write(self, offset: int, content: memoryview) -> None: ...

    def flush(self) -> None: ...


def mount_file(place: Path) -> int:
    """Mounts a FUSE file over the empty file `place`; returns the kernel's end, which `serve` answers."""
    kernel = os.open("/dev/fuse", os.O_RDWR)
    words = f"fd={kernel},rootmode={MODE:o},user_id=0,group_id=0,max_read={LONGEST_BYTES}"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"airlock-disk", os.fsencode(place), b"fuse", 0, words.encode()):
        raise OSError(ctypes.get_errno(), f"FUSE cannot be mounted at {place}")
    return kernel


def leave_mounts() -> None:
    """Moves this process into a mount namespace of its own, where nothing is mounted but the root.

    So the disks of a killed test end with the test. If its server held the last mount of a disk, it would
    wait for itself when that is unmounted: the kernel would hang, and `sync` of the whole machine with it.
    """
    places = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_MOUNTS) or libc.mount(b"none", b"/", None, PRIVATE, None):
        raise OSError(ctypes.get_errno(), "The server of a disk cannot leave the mounts of the test")
    for place in reversed(places):
        if place != "/":
            libc.umount2(place.encode().decode("unicode_escape").encode("latin-1"), DETACH)


def serve(kernel: int, file: Served) -> None:
    """Answers the kernel until the file is unmounted."""
    while True:
        try:
            _serve_one(kernel, file)
        except OSError as problem:
            if problem.errno == errno.ENODEV:
                return
            if problem.errno not in (errno.EINTR, errno.ENOENT):  # nobody waits for this request any more
                raise


def _serve_one(kernel: int, file: Served) -> None:
    request = memoryview(os.read(kernel, LONGEST_BYTES + 4096))
    _length, verb, number, *_rest = REQUEST.unpack_from(request)
    if verb not in SILENT:
        problem, answer = _answer(verb, request[REQUEST.size :], file)
        os.writev(kernel, (REPLY.pack(REPLY.size + len(answer), -problem, number), answer))


def _answer(verb: int, request: memoryview, file: Served) -> tuple[int, bytes]:
    """Returns an error number, or 0, and the answer."""
    if verb == READ:
        _handle, offset, size = SPAN.unpack_from(request)
        return 0, file.read(offset, size)
    if verb == WRITE:
        _handle, offset, size = SPAN.unpack_from(request)
        file.write(offset, request[WRITE_BYTES : WRITE_BYTES + size])
        return 0, struct.pack("<II", size, 0)
    if verb == FSYNC:
        file.flush()
        return 0, b""
    if verb == INIT:
        return 0, _init(request)
    if verb in (GETATTR, SETATTR):
        return 0, _attributes(file.size)
    if verb == OPEN:
        return 0, OPEN_REPLY.pack(0, DIRECT_IO, 0)
    return (0, b"") if verb in (RELEASE, FLUSH, DESTROY) else (errno.ENOSYS, b"")


def _init(request: memoryview) -> bytes:
    major, _minor, read_ahead, flags = struct.unpack_from("<IIII", request)
    wanted = flags & (BIG_WRITES | MAX_PAGES)
    return INIT_REPLY.pack(major, 31, read_ahead, wanted, 0, 0, LONGEST_BYTES, 1, LONGEST_BYTES // 4096, 0, 0)


def _attributes(size: int) -> bytes:
    blocks, owner = size // 512, (0, 0)
    return ATTRIBUTES.pack(3600, 0, 0, 1, size, blocks, 0, 0, 0, 0, 0, 0, MODE, 1, *owner, 0, 4096, 0)
