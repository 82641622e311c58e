"""The library `libfaketime`, unpacked into the cache from its Debian package. Nothing is installed."""

from pathlib import Path

from testbed.cache import kept, working_folder
from testbed.debian import suite
from testbed.tree import unpack


def faketime_library() -> Path:
    """What LD_PRELOAD needs so that programs see the clock of FAKETIME, downloaded the first time."""
    (library,) = kept("faketime", _make).glob("usr/lib/*/faketime/libfaketimeMT.so.1")
    return library


def _make(folder: Path) -> None:
    with working_folder() as work:
        unpack(suite("bookworm").download(("libfaketime",), work), folder)
