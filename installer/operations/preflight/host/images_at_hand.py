"""Checks that the images that the engine lacks are in the release directory or its package."""

from collections.abc import Iterator

from installer.operations.images.stored_images import missing_images
from installer.operations.package.images_source import find_source
from installer.operations.preflight.findings.finding import Finding
from installer.operations.preflight.findings.surroundings import Surroundings


def check_images(around: Surroundings) -> Iterator[Finding]:
    """Finds nothing if they are; otherwise reports the error that `find_source` raises."""
    situation = around.situation
    if missing_images(around.engine, situation.manifest.images):
        find_source(situation.plan.release, situation.manifest, situation.package)
    yield from ()
