"""Makes file systems on a disk as installers of Debian and Red Hat do, but for background work."""

from pathlib import Path
from typing import Literal

from testbed.cache import kept, working_folder
from testbed.command import output_of
from testbed.debian import suite
from testbed.tree import unpack

FileSystem = Literal["ext4", "xfs"]
AT_ONCE = "lazy_itable_init=0,lazy_journal_init=0,nodiscard"  # later writes are then of files alone


def make_file_system(kind: FileSystem, device: str) -> None:
    """Makes an empty file system on a device."""
    if kind == "ext4":
        output_of("mkfs.ext4", "-q", "-b", "4096", "-N", "16384", "-E", AT_ONCE, device)
    else:
        programs = xfs_programs()
        libraries = ":".join(str(folder) for folder in programs.glob("usr/lib/*-linux-gnu"))
        words = (programs / "sbin/mkfs.xfs", "-q", "-K", device)
        output_of("env", f"LD_LIBRARY_PATH={libraries}", *words)


def xfs_programs() -> Path:
    """Returns the folder where Debian's programs for XFS are unpacked; downloads them the first time."""
    return kept("xfs", _make)


def _make(folder: Path) -> None:
    with working_folder() as work:
        unpack(suite("bookworm").download(("xfsprogs", "libinih1", "liburcu8"), work), folder)
