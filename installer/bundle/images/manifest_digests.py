"""Recognises manifests of a package's images by their digests, with which containerd's store names them."""

import hashlib

from installer.bundle.images.docker_archive import oci_manifest
from installer.bundle.manifest.manifest import Image

LARGEST_CONFIG_BYTES = 1 << 16  # those of real images have some kilobytes


def is_manifest_of(digest: str, image: Image) -> bool:
    """Returns whether this is the digest of the manifest with which a package brings `image`.

    The size of the config, which is in the manifest, is known to the package's images.tar alone: so every
    size is tried. Takes 0.2 s at most, where the engine takes 8 s to save 221 MiB (`Engine.has_config`).
    """
    before, after = oci_manifest(image, b"").split(b'"size":0', 1)
    begun = hashlib.sha256(before + b'"size":')
    for size_bytes in range(LARGEST_CONFIG_BYTES):
        hashed = begun.copy()
        hashed.update(b"%d%b" % (size_bytes, after))
        if f"sha256:{hashed.hexdigest()}" == digest:
            return True
    return False
