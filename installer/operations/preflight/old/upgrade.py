"""Checks whether this version may follow the installed one."""

from collections.abc import Iterator
from dataclasses import replace

from installer.bundle.manifest.versions import Version, parse_constraint, read_version
from installer.operations.decisions.old_version import version_of
from installer.operations.preflight.findings.finding import Finding, Level, failed, ok, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.text import _


def check_upgrade(around: Surroundings) -> Iterator[Finding]:
    """Checks the upgrade from the installed version, if there is one."""
    previous, manifest = around.situation.plan.previous, around.situation.manifest
    if previous is None:
        yield ok(_("Fresh installation of {version}", version=manifest.application.version))
    else:
        found = judge_upgrade(previous.version, manifest.application.version, manifest.upgrade_from)
        is_certain = previous.version is None or previous.version_source == "release"
        yield found if is_certain else judge_derived(found, version_of(previous))


def judge_upgrade(installed: str | None, version: str, upgrade_from: str | None) -> Finding:
    """Judges whether the package allows this upgrade; `installed` is None if not known."""
    before, after = _version(installed), _version(version)
    if before is None:
        return _judge_unknown(installed, upgrade_from)
    if after is not None and after < before:
        return failed(
            _(
                "This would be a downgrade from {installed} to {version}.",
                installed=installed,
                version=version,
            ),
            hint=_(
                "To roll back to the old release, run in the running release's directory: ./airlock rollback"
            ),
        )
    if upgrade_from is not None and not parse_constraint(upgrade_from).allows(before):
        return failed(
            _("{version} does not follow {installed}.", installed=installed, version=version),
            [_("It can be installed over: {range}", range=upgrade_from)],
            hint=_("Import a version between the two first."),
        )
    return ok(_("Upgrade from {installed} to {version}", installed=installed, version=version))


def judge_derived(found: Finding, version: str) -> Finding:
    """Turns `found` into a warning at most, for a version that the release itself does not name."""
    detail = _("The installed version was not recorded: {version}.", version=version)
    level: Level = "warning" if found.level == "failed" else found.level
    return replace(found, level=level, details=(*found.details, detail))


def _judge_unknown(installed: str | None, upgrade_from: str | None) -> Finding:
    if upgrade_from is None:
        return ok(_("The installed version is unknown, and the package does not require one."))
    return warning(
        _("The installed version is unknown."),
        [
            _("The package can be installed over: {range}", range=upgrade_from),
            *([installed] if installed else []),
        ],
        hint=_("Make sure that the running release is one of these."),
    )


def _version(text: str | None) -> Version | None:
    return read_version(text) if text is not None else None
