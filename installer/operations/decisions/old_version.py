"""Guesses the old version without a manifest: by the tags of its images, or by its own answer."""

from collections.abc import Iterable
from dataclasses import replace

from installer.bundle.images.image_references import split_reference
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.manifest.versions import read_version
from installer.errors import AirlockError
from installer.operations.plan.import_plan import Previous
from installer.operations.services.smoke import reported_version
from installer.operations.services.smoke_url import smoke_url
from installer.site.running.installation import Installation
from installer.text import _


def with_version(installation: Installation, manifest: Manifest) -> Installation:
    """Returns `installation` with the version that it probably has, if its directory names none."""
    if installation.version is not None:
        return installation
    images = [one.image for one in installation.containers if not one.is_one_off]
    version = version_by_images(images, manifest)
    if version is not None:
        return replace(installation, version=version, version_source="images")
    version = _version_by_answer(installation, manifest)
    return replace(installation, version=version, version_source="answer") if version else installation


def version_of(one: Previous | Installation) -> str:
    """Returns the version as text, with its source unless the release itself names it."""
    if one.version is None:
        return _("(version unknown)")
    if one.version_source == "images":
        return _("{version} (by its image tags)", version=one.version)
    if one.version_source == "answer":
        return _("{version} (by its own answer)", version=one.version)
    return one.version


def version_by_images(images: Iterable[str], manifest: Manifest) -> str | None:
    """Returns the tag of those `images` that the package brings under its version, if all have the same."""
    built = {
        reference.repository
        for reference in (split_reference(image.reference) for image in manifest.images)
        if reference.tag == manifest.application.version
    }
    tags = {one.tag for one in map(split_reference, images) if one.repository in built}
    tag = tags.pop() if len(tags) == 1 else ""
    return tag if read_version(tag) else None


def _version_by_answer(installation: Installation, manifest: Manifest) -> str | None:
    """Returns the version that the running release reports at the address of the new one's smoke check."""
    smoke = manifest.smoke
    if smoke is None or not any(one.is_running for one in installation.containers):
        return None
    try:
        url = smoke_url(smoke.url, installation.compose)
    except AirlockError:
        return None
    version = reported_version(smoke, url)
    return version if version is not None and read_version(version) else None
