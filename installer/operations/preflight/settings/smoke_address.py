"""Checks the address of step 11's smoke check before anything changes."""

from collections.abc import Iterator

from installer.bundle.variables import variables_in
from installer.operations.preflight.findings.finding import Finding
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.settings.required_settings import needed_settings
from installer.operations.services.smoke_url import smoke_url


def check_smoke(around: Surroundings) -> Iterator[Finding]:
    """Finds nothing if it is valid; otherwise reports the error that `smoke_url` raises.

    Finds nothing either if it needs a setting that `check_settings` reports as missing.
    """
    smoke, compose = around.situation.manifest.smoke, around.situation.compose
    if smoke is not None:
        names = {variable.name for variable in variables_in(smoke.url)}
        if names.isdisjoint(needed_settings(around.situation)):
            smoke_url(smoke.url, compose)
    yield from ()
