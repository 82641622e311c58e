"""Provides the library `libfaketime`, unpacked into the cache from its Debian package. Installs nothing."""

from pathlib import Path

from testbed.cache import kept, working_folder
from testbed.debian import suite
from testbed.tree import unpack


def faketime_library() -> Path:
    """Returns the library for LD_PRELOAD that makes programs see the clock of FAKETIME; downloads it once."""
    (library,) = kept("faketime", _make).glob("usr/lib/*/faketime/libfaketimeMT.so.1")
    return library


def _make(folder: Path) -> None:
    with working_folder() as work:
        unpack(suite("bookworm").download(("libfaketime",), work), folder)
