"""Which version a release gets: the one that was said, else the tag of this very commit."""

import re
from pathlib import Path

from installer.bundle.manifest.versions import NotAVersion, parse_version
from installer.errors import UsageProblem
from installer.text import _
from packager.git.git_source import Tree, git

DESCRIBED = re.compile(r"(?P<tag>.+)-(?P<commits>\d+)-g[0-9a-f]{4,40}")
DIRTY = "-dirty"


def choose_version(directory: Path, told: str | None) -> str:
    """The version as written into names, without a leading `v`.

    What `git describe` says of a commit behind a tag is none: `1.0.0-1-g53abf35` is a prerelease of 1.0.0, so
    sites would refuse it as a downgrade. Raises `UsageProblem`, then with a version that can be taken.
    """
    asked = told if told is not None else _described(directory)
    if asked is None:
        raise UsageProblem(_("There is no version, and no Git tag that could say one."), hint=_hint("2.1.2"))
    _refuse_described(asked)
    try:
        parse_version(asked)
    except NotAVersion as problem:
        raise UsageProblem(str(problem), hint=_hint("2.1.2")) from problem
    if "+" in asked:
        unusable = _("A version with `+` cannot be an image's tag: {version}", version=asked)
        raise UsageProblem(unusable, hint=_hint("2.1.2"))
    return asked.removeprefix("v")


def other_tag(tree: Tree, version: str) -> str | None:
    """The tag of the commit that says another version; None where there is none, or one says this version."""
    versions = {tag: parse_version(tag) for tag in tree.tags if _is_version(tag)}
    return None if parse_version(version) in versions.values() else next(iter(versions), None)


def _described(directory: Path) -> str | None:
    """What `git describe --tags --dirty` says. With `--dirty` it would write the checkout's index."""
    described = git(directory, "describe", "--tags")
    changed = git(directory, "status", "--porcelain", "--untracked-files=no")
    return f"{described}{DIRTY}" if described and changed else described


def _refuse_described(asked: str) -> None:
    tag = asked.removesuffix(DIRTY)
    described = DESCRIBED.fullmatch(tag)
    if described is not None:
        tag = described["tag"]
        raise UsageProblem(
            _("{version} is no release: this commit is behind the tag {tag}.", version=asked, tag=tag),
            details=[_("As a version it is older than {tag}: sites would refuse it.", tag=tag)],
            hint=_hint(_next(tag)),
        )
    if tag != asked:
        version = _next(tag)
        raise UsageProblem(
            _("{version} is no release: there are uncommitted changes after {tag}.", version=asked, tag=tag),
            details=[_("As a version it is older than {tag}: sites would refuse it.", tag=tag)],
            hint=_("Commit and tag them, or say the version: airlock export {version}", version=version),
        )


def _next(tag: str) -> str:
    """The next patch version; of a prerelease, the release itself."""
    try:
        version = parse_version(tag)
    except NotAVersion:
        return "2.1.2"
    major, minor, patch = version.numbers[:3]
    return f"{major}.{minor}.{patch if version.prerelease else patch + 1}"


def _hint(version: str) -> str:
    return _("Say the version: airlock export {version}", version=version)


def _is_version(tag: str) -> bool:
    try:
        parse_version(tag)
    except NotAVersion:
        return False
    return True
