"""Lists the files of a project that Git tracks."""

from pathlib import Path

from installer.errors import Refused
from installer.system.process.process import run


def tracked_files(directory: Path) -> frozenset[str]:
    """Returns the paths of all tracked files, relative to `directory`; none without Git."""
    try:
        done = run(("git", "-C", str(directory), "ls-files", "-z", "--", "."))
    except Refused:
        return frozenset()
    return frozenset(path for path in done.stdout.split("\0") if path) if not done.exit_code else frozenset()
