"""Are the images that the engine lacks at hand, in the release directory or in its package?"""

from collections.abc import Iterator

from installer.operations.images.stored_images import missing_images
from installer.operations.package.images_source import find_source
from installer.operations.preflight.findings.finding import Finding
from installer.operations.preflight.findings.surroundings import Surroundings


def check_images(around: Surroundings) -> Iterator[Finding]:
    """Nothing to say where they are; else what `find_source` raises is what was found."""
    situation = around.situation
    if missing_images(around.engine, situation.manifest.images):
        find_source(situation.plan.release, situation.manifest, situation.package)
    yield from ()
