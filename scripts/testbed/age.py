"""The program `age`, unpacked into the cache from its Debian package. Nothing is installed."""

from pathlib import Path

from testbed.cache import kept, working_folder
from testbed.debian import suite
from testbed.tree import unpack


def age_programs() -> Path:
    """The folder with `age` and `age-keygen`, downloaded the first time."""
    return kept("age", _make) / "usr/bin"


def _make(folder: Path) -> None:
    with working_folder() as work:
        unpack(suite("bookworm").download(("age",), work), folder)
