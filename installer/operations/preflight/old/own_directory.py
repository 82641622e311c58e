"""Checks whether the package was unpacked over the running release, which removes the old files."""

from collections.abc import Iterator, Mapping, Sequence

from installer.operations.preflight.findings.finding import Finding, failed
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.old.old_release import defaults_of
from installer.site.release_record import read_record
from installer.site.running.installation import Installation
from installer.site.running.run_otherwise import run_otherwise
from installer.text import _


def check_own_directory(around: Surroundings) -> Iterator[Finding]:
    """Checks what runs from the release directory itself; finds nothing if the old release has its own."""
    installation, release = around.situation.installation, around.situation.plan.release
    if installation is None or not installation.is_in(release):
        return
    other = other_services(installation, run_otherwise(installation, defaults_of(around.engine)))
    record = read_record(release)
    yield from judge_own_directory(
        record.version if record else None, around.situation.manifest.application.version, other
    )


def judge_own_directory(recorded: str | None, version: str, other: Sequence[str]) -> Iterator[Finding]:
    """Judges the directory: `recorded` is the version installed in it, None without one; `other` services."""
    if recorded is not None and recorded != version:
        yield unpacked_over([_("Installed in it: {version}", version=recorded)])
    elif other:
        yield unpacked_over(
            [_("Services that differ from their files: {services}", services=", ".join(other))]
        )


def other_services(installation: Installation, edited: Mapping[str, Sequence[str]]) -> list[str]:
    """Returns services that are up, and differ from the compose files or are not in them."""
    up = {one.service for one in installation.containers if one.service and one.is_up and not one.is_one_off}
    return sorted({*edited, *(up - set(installation.model.services))})


def unpacked_over(details: Sequence[str]) -> Finding:
    """Returns the finding that the package overwrote a release's own files."""
    return failed(
        _("The package was unpacked over the directory of the running release."),
        details,
        hint=_("Put the old release's files back, and unpack the package beside them: tar -xzf PACKAGE"),
    )
