"""Which files of a project Git knows."""

from pathlib import Path

from installer.errors import Refused
from installer.system.process.process import run


def tracked_files(directory: Path) -> frozenset[str]:
    """Their paths relative to `directory`; none where there is no Git."""
    try:
        done = run(("git", "-C", str(directory), "ls-files", "-z", "--", "."))
    except Refused:
        return frozenset()
    return frozenset(path for path in done.stdout.split("\0") if path) if not done.exit_code else frozenset()
