"""Checks whether Docker, Compose and the machine fit the package."""

import re
from collections.abc import Iterator

from installer.bundle.manifest.manifest import Requirements
from installer.bundle.manifest.versions import Version, parse_version
from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.text import _


def check_versions(around: Surroundings) -> Iterator[Finding]:
    """Checks engine, Compose and architecture."""
    manifest = around.situation.manifest
    yield judge_engine(around.engine_version.version, manifest.requirements)
    yield judge_compose(around.compose_version, manifest.requirements)
    yield judge_platform(around.engine_version.platform, manifest.platform)


def judge_engine(version: str, requirements: Requirements) -> Finding:
    """Judges whether the engine is new enough."""
    if _numbers(version) >= _numbers(requirements.engine):
        return ok(_("Docker {version}", version=version))
    return failed(
        _("Docker {version} is too old for this package.", version=version),
        [_("The package requires {required} or newer.", required=requirements.engine)],
        hint=_("Update Docker on this machine."),
    )


def judge_compose(version: str, requirements: Requirements) -> Finding:
    """Judges whether Compose is new enough."""
    if _numbers(version) >= _numbers(requirements.compose):
        return ok(_("Docker Compose {version}", version=version))
    return failed(
        _("Docker Compose {version} is too old for this package.", version=version),
        [_("The package requires {required} or newer.", required=requirements.compose)],
        hint=_("Update the Compose plugin on this machine."),
    )


def judge_platform(engine: str, package: str) -> Finding:
    """Judges whether the images run here without emulation; "linux/arm/v7" is "linux/arm"."""
    if engine.split("/")[:2] == package.split("/")[:2]:
        return ok(_("Architecture {platform}", platform=package))
    return failed(
        _("The package is for another architecture."),
        [_("The package: {package}; this machine: {engine}", package=package, engine=engine)],
        hint=_("Ask the vendor for a package that was exported with: --platform {engine}", engine=engine),
    )


def _numbers(version: str) -> Version:
    """Reads only the numbers of a version: distributions add a suffix of their own ("2.26.1-4")."""
    found = re.match(r"v?\d+(?:\.\d+){0,3}", version)
    return parse_version(found[0] if found else version)
