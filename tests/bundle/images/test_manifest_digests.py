"""The manifests of a package's images, recognised by their digests alone."""

import pytest

from installer.bundle.images.docker_archive import digest, oci_manifest
from installer.bundle.images.manifest_digests import LARGEST_CONFIG_BYTES, is_manifest_of
from installer.bundle.manifest.manifest import Image
from tests.bundle.images_tar import DB, WEB, image_of

IMAGE = image_of(WEB)


def manifest_with(config_bytes: int, image: Image = IMAGE) -> str:
    return digest(oci_manifest(image, bytes(config_bytes)))


@pytest.mark.parametrize("config_bytes", [0, 1, 9, 10, 4711, LARGEST_CONFIG_BYTES - 1])
def test_the_manifest_of_a_package_is_known_whatever_the_size_of_the_config(config_bytes: int) -> None:
    assert is_manifest_of(manifest_with(config_bytes), IMAGE)


def test_another_manifest_is_not_taken_for_it() -> None:
    assert not is_manifest_of(manifest_with(5, image_of(DB)), IMAGE)
    assert not is_manifest_of(manifest_with(LARGEST_CONFIG_BYTES), IMAGE)
