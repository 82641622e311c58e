"""Provides the program `age`, unpacked into the cache from its Debian package. Installs nothing."""

from pathlib import Path

from testbed.cache import kept, working_folder
from testbed.debian import suite
from testbed.tree import unpack


def age_programs() -> Path:
    """Returns the folder with `age` and `age-keygen`; downloads it the first time."""
    return kept("age", _make) / "usr/bin"


def _make(folder: Path) -> None:
    with working_folder() as work:
        unpack(suite("bookworm").download(("age",), work), folder)
