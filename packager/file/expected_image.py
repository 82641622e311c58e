"""An image as it takes the most room in a manifest, while its sizes and digests are not known yet."""

from collections.abc import Sequence

from installer.bundle.manifest.manifest import Image, Layer
from packager.file.package_file import LARGEST_SIZE

UNKNOWN_DIGEST = f"sha256:{'f' * 64}"
LONGEST_VARIANT = "v8"


def expected_image(reference: str, platform: str, diff_ids: Sequence[str]) -> Image:
    """The image at its largest; the same whoever names its platform, with a variant or without."""
    machine = "/".join((*platform.split("/")[:2], LONGEST_VARIANT))
    return Image(reference, UNKNOWN_DIGEST, machine, tuple(Layer(one, LARGEST_SIZE) for one in diff_ids))
