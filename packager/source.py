"""Which commit a release is built from, and which version it gets."""

from datetime import datetime, timezone
from pathlib import Path

from installer.bundle.manifest import Source
from installer.bundle.versions import NotAVersion, parse_version
from installer.errors import Refused, UsageProblem
from installer.system.process import run
from installer.text import _

NO_GIT = Source(revision=None, tag=None, dirty=False, committed_at=None)


def read_source(directory: Path) -> Source:
    """Revision, tag and state of the work tree; all empty where there is no Git."""
    revision = _git(directory, "rev-parse", "--verify", "HEAD")
    if revision is None:
        return NO_GIT
    committed = _git(directory, "log", "-1", "--format=%ct") or "0"
    return Source(
        revision=revision,
        tag=_git(directory, "describe", "--tags", "--exact-match"),
        dirty=bool(_git(directory, "status", "--porcelain", "--", ".")),
        committed_at=datetime.fromtimestamp(int(committed), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def choose_version(directory: Path, told: str | None) -> str:
    """The version as written into names, without a leading `v`: the one told, else what Git's tags say.

    Raises `UsageProblem` when it is no version, or when neither says one.
    """
    asked = told if told is not None else _git(directory, "describe", "--tags", "--always", "--dirty")
    hint = _("Say the version: airlock export 2.1.2")
    if asked is None:
        raise UsageProblem(_("There is no version, and no Git tag that could say one."), hint=hint)
    try:
        parse_version(asked)
    except NotAVersion as problem:
        raise UsageProblem(str(problem), hint=hint) from problem
    if "+" in asked:
        unusable = _("A version with `+` cannot be an image's tag: {version}", version=asked)
        raise UsageProblem(unusable, hint=hint)
    return asked.removeprefix("v")


def _git(directory: Path, *words: str) -> str | None:
    """What Git says, None where it has nothing to say or is not installed."""
    try:
        done = run(("git", "-C", str(directory), *words))
    except Refused:
        return None
    return done.stdout.strip() if not done.exit_code else None
