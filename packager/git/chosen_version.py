"""Chooses the version of a release: the one that was specified, else the Git tag of the current commit."""

import re
from pathlib import Path

from installer.bundle.manifest.versions import NotAVersion, parse_version, read_version
from installer.errors import UsageProblem
from installer.text import _
from packager.git.git_source import Tree, git

DESCRIBED = re.compile(r"(?P<tag>.+)-(?P<commits>\d+)-g[0-9a-f]{4,40}")
DIRTY = "-dirty"


def choose_version(directory: Path, specified: str | None) -> str:
    """Returns the version as names contain it, without a leading `v`; `specified` is the engineer's choice.

    The output of `git describe` for a commit after a tag is refused: `1.0.0-1-g53abf35` is a prerelease of
    1.0.0, which sites would refuse as a downgrade. Raises `UsageProblem` with a version that would be
    accepted.
    """
    chosen = specified if specified is not None else _described(directory)
    if chosen is None:
        raise UsageProblem(
            _("No version was specified, and there is no Git tag to take it from."), hint=_hint("2.1.2")
        )
    _refuse_described(chosen)
    try:
        parse_version(chosen)
    except NotAVersion as problem:
        raise UsageProblem(str(problem), hint=_hint("2.1.2")) from problem
    if "+" in chosen:
        unusable = _("A version with `+` cannot be used as an image tag: {version}", version=chosen)
        raise UsageProblem(unusable, hint=_hint("2.1.2"))
    return chosen.removeprefix("v")


def other_tag(tree: Tree, version: str) -> str | None:
    """Returns a tag of the commit with another version; None if there is none or a tag has this version."""
    versions = {tag: one for tag in tree.tags if (one := read_version(tag))}
    return None if parse_version(version) in versions.values() else next(iter(versions), None)


def _described(directory: Path) -> str | None:
    """Returns `git describe --tags --dirty`; computed without `--dirty`, which would write to the index."""
    described = git(directory, "describe", "--tags")
    changed = git(directory, "status", "--porcelain", "--untracked-files=no")
    return f"{described}{DIRTY}" if described and changed else described


def _refuse_described(chosen: str) -> None:
    tag = chosen.removesuffix(DIRTY)
    described = DESCRIBED.fullmatch(tag)
    if described is not None:
        tag = described["tag"]
        raise UsageProblem(
            _(
                "{version} is not a release version: this commit comes after the tag {tag}.",
                version=chosen,
                tag=tag,
            ),
            details=[_("It sorts before {tag}, so sites would refuse it as a downgrade.", tag=tag)],
            hint=_hint(_next(tag)),
        )
    if tag != chosen:
        version = _next(tag)
        raise UsageProblem(
            _(
                "{version} is not a release version: there are uncommitted changes after {tag}.",
                version=chosen,
                tag=tag,
            ),
            details=[_("It sorts before {tag}, so sites would refuse it as a downgrade.", tag=tag)],
            hint=_(
                "Commit and tag the changes, or specify the version: airlock export {version}",
                version=version,
            ),
        )


def _next(tag: str) -> str:
    """Returns the next patch version; for a prerelease, the release itself."""
    version = read_version(tag)
    if version is None:
        return "2.1.2"
    major, minor, patch = version.numbers[:3]
    return f"{major}.{minor}.{patch if version.prerelease else patch + 1}"


def _hint(version: str) -> str:
    return _("Specify the version: airlock export {version}", version=version)
