"""Finds services with data that this import does not back up."""

from collections.abc import Iterator, Sequence

from installer.operations.decisions.unserved_lines import unserved_lines
from installer.operations.preflight.findings.finding import Finding, warning_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.text import _


def check_data_without_backup(around: Surroundings) -> Iterator[Finding]:
    """Checks databases and the like without a backup; finds nothing on a fresh host, where they are empty."""
    if around.situation.plan.previous is not None:
        yield from judge_data_without_backup(tuple(unserved_lines(around.situation)))


def judge_data_without_backup(lines: Sequence[str]) -> Iterator[Finding]:
    """Returns a warning that names every one of them."""
    return warning_if_any(
        _("Not all data is backed up."),
        lines,
        hint=_("Back up these services with their own tools before you go on."),
    )
