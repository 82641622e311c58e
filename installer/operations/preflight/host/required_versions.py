"""Checks whether Docker, Compose and the machine fit the package."""

import re
from collections.abc import Iterator

from installer.bundle.manifest.versions import Version, parse_version
from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.text import _


def check_versions(around: Surroundings) -> Iterator[Finding]:
    """Checks engine, Compose and architecture."""
    manifest = around.situation.manifest
    engine, required = around.engine_version, manifest.requirements
    update = _("Update Docker on this machine.")
    yield judge_version("Docker", engine.version, required.engine, update)
    update = _("Update the Compose plugin on this machine.")
    yield judge_version("Docker Compose", around.compose_version, required.compose, update)
    yield judge_platform(engine.platform, manifest.platform)


def judge_version(product: str, version: str, required: str, update: str) -> Finding:
    """Judges whether a product is new enough; `update` is the hint if it is not."""
    if _numbers(version) >= _numbers(required):
        return ok(_("{product} {version}", product=product, version=version))
    return failed(
        _("{product} {version} is too old for this package.", product=product, version=version),
        [_("The package requires {required} or newer.", required=required)],
        hint=update,
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
