"""Which commit a release is built from, and whether its tree is the commit's."""

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
    "GIT_OPTIONAL_LOCKS": "0",  # else `git status` writes its index anew, where it finds other times
    "LC_ALL": "C",
}
OF_ANOTHER_USER = "dubious ownership"


@dataclass(frozen=True)
class Tree:
    """The source as the manifest has it, and the files of the project by which it is dirty."""

    source: Source
    changed: tuple[str, ...]
    tags: tuple[str, ...]


def read_tree(directory: Path) -> Tree:
    """The source, empty where there is no Git, and what differs from its commit.

    Packages that earlier exports left there are no difference.
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
    """What Git says, None where it has nothing to say or is not installed; it changes no file.

    Raises `Refused` where it does not answer because the checkout belongs to another user: a release from Git
    would look like one of which nobody knows the commit.
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
        _("Git does not read {path}: it belongs to another user.", path=checkout),
        details=[_("Its commit and its changed files are therefore unknown.")],
        hint=_("Run: git config --global --add safe.directory {path}", path=shlex.quote(str(checkout))),
    )


def _changed(directory: Path) -> Iterator[str]:
    """Paths as Git knows them, in its order. `-z` quotes none of them."""
    told = git(directory, "status", "--porcelain", "-z", "--untracked-files=all", "--", ".")
    entries = iter((told or "").split("\0"))
    for entry in entries:
        state, path = entry[:2], entry[3:]
        if state[:1] in RENAMED:
            next(entries, None)  # what it was called before
        if path and not is_own_output(path):
            yield path
