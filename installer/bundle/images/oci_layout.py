"""Defines the files of an OCI image layout except the layers.

Source: https://github.com/opencontainers/image-spec image-layout.md, annotations.md. Its blobs are those of
images.tar. Its index names each image by its whole reference, not by the tag alone: `skopeo` and others find
an image by this name, and several images may have the same tag.
"""

from collections.abc import Sequence

from installer.bundle.images.docker_archive import LAYOUT, Blob, image_documents, oci_index
from installer.bundle.manifest.manifest import Image


def layout_files(images: Sequence[tuple[Image, bytes]]) -> tuple[Blob, ...]:
    """Returns the files for images with their configs; the layout is complete with the last one.

    Raises `BadPackage` if a config does not match its image.
    """
    index = oci_index(images, lambda image: image.reference)
    return (*image_documents(images), index, LAYOUT)
