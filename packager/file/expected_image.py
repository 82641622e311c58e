"""Returns an image at its largest possible size in a manifest, before its sizes and digests are known."""

from collections.abc import Sequence

from installer.bundle.manifest.manifest import Image, Layer
from packager.file.package_file import LARGEST_SIZE

UNKNOWN_DIGEST = f"sha256:{'f' * 64}"
LONGEST_VARIANT = "v8"


def expected_image(reference: str, platform: str, diff_ids: Sequence[str]) -> Image:
    """Returns the image at its largest; the same for a platform named with or without a variant."""
    machine = "/".join((*platform.split("/")[:2], LONGEST_VARIANT))
    return Image(reference, UNKNOWN_DIGEST, machine, tuple(Layer(one, LARGEST_SIZE) for one in diff_ids))
