"""Checks for everything that only the site has: env files, secrets, keys."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, failed_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.text import _


def check_site_files(around: Surroundings) -> Iterator[Finding]:
    """Lists all missing files at once; Compose names one at a time, and secrets only when it starts."""
    situation = around.situation
    yield from judge_site_files(situation.plan.release, situation.missing_files)


def judge_site_files(release: Path, missing: Sequence[str]) -> Iterator[Finding]:
    """Fails for `missing` files, relative to the release directory, or absolute."""
    return failed_if_any(
        _("Files that the site must provide are missing."),
        [str(release / name) for name in missing],
        hint=_("Put them there, readable for the users that the containers run as."),
    )
