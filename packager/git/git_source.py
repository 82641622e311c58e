"""Reads the commit that a release is built from, and whether the working tree differs from it."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from installer.bundle.manifest.manifest import Source
from installer.errors import Refused
from installer.system.process.process import run
from installer.text import _
from packager.git.own_output import is_own_output

NO_GIT = Source(revision=None, tag=None, dirty=False, committed_at=None)
RENAMED = ("R", "C")
SETTINGS = {
    "GIT_OPTIONAL_LOCKS": "0",  # else `git status` rewrites the index when file times have changed
    "LC_ALL": "C",
}
OF_ANOTHER_USER = "dubious ownership"


@dataclass(frozen=True)
class Tree:
    """The source as the manifest records it, and the changed files of the project."""

    source: Source
    changed: tuple[str, ...]
    tags: tuple[str, ...]


def read_tree(directory: Path) -> Tree:
    """Returns the source of a project (empty without Git) and the files that differ from its commit.

    Packages from earlier exports do not count as changes.
    """
    revision = git(directory, "rev-parse", "--verify", "HEAD")
    if revision is None:
        return Tree(NO_GIT, (), ())
    committed = git(directory, "log", "-1", "--format=%ct") or "0"
    changed = tuple(_changed(directory))
    source = Source(
        revision=revision,
        tag=git(directory, "describe", "--tags", "--exact-match"),
        dirty=bool(changed),
        committed_at=datetime.fromtimestamp(int(committed), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return Tree(source, changed, tuple((git(directory, "tag", "--points-at", "HEAD") or "").split()))


def git(directory: Path, *words: str) -> str | None:
    """Returns the output of a Git command that changes no file; None if it fails or Git is not installed.

    Raises `Refused` if Git does not read the checkout because it belongs to another user: otherwise the
    release would look like one from a project without Git.
    """
    try:
        done = run(("git", "-C", str(directory), *words), secrets=SETTINGS)
    except Refused:
        return None
    if done.exit_code and OF_ANOTHER_USER in done.stderr:
        raise _foreign(directory)
    return done.stdout.rstrip("\n") if not done.exit_code else None


def _foreign(directory: Path) -> Refused:
    checkout = next(
        (place for place in (directory, *directory.parents) if (place / ".git").exists()), directory
    )
    return Refused(
        _("Git refuses to read {path}: it belongs to another user.", path=checkout),
        details=[_("Its commit and its changed files are therefore not known.")],
        hint=_("Run: git config --global --add safe.directory {path}", path=shlex.quote(str(checkout))),
    )


def _changed(directory: Path) -> Iterator[str]:
    """Yields changed paths in Git's order; `-z` leaves them unquoted."""
    output = git(directory, "status", "--porcelain", "-z", "--untracked-files=all", "--", ".")
    entries = iter((output or "").split("\0"))
    for entry in entries:
        state, path = entry[:2], entry[3:]
        if state[:1] in RENAMED:
            next(entries, None)  # the old name
        if path and not is_own_output(path):
            yield path
