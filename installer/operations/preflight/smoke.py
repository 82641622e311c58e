"""Can the smoke check of step 11 be asked at all? Its address is known before anything changes."""

from collections.abc import Iterator

from installer.operations.preflight.finding import Finding
from installer.operations.preflight.surroundings import Surroundings
from installer.operations.smoke_url import smoke_url


def check_smoke(around: Surroundings) -> Iterator[Finding]:
    """Nothing to say where it can; else what `smoke_url` raises is what was found."""
    situation = around.situation
    if situation.manifest.smoke is not None:
        smoke_url(situation.manifest.smoke.url, situation.compose)
    yield from ()
