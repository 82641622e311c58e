"""Parses descriptors: what a document of an image layout says about another file of the layout.

https://github.com/opencontainers/image-spec descriptor.md
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from installer.bundle.images.docker_archive import (
    CONFIG_TYPE,
    INDEX_TYPE,
    LAYER_TYPE,
    MANIFEST_TYPE,
    blob_path,
)
from installer.system.docker.held_images import platform_of

DOCKERS = "application/vnd.docker"
INDEXES = (INDEX_TYPE, f"{DOCKERS}.distribution.manifest.list.v2+json")
MANIFESTS = (MANIFEST_TYPE, f"{DOCKERS}.distribution.manifest.v2+json")
CONFIGS = (CONFIG_TYPE, f"{DOCKERS}.container.image.v1+json")
DOCKERS_LAYER = f"{DOCKERS}.image.rootfs.diff.tar"
LAYERS = (
    *(f"{LAYER_TYPE}{packed}" for packed in ("", "+gzip", "+zstd")),
    *(f"{DOCKERS_LAYER}{packed}" for packed in ("", ".gzip", ".zstd")),
)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
NO_PLATFORM = ""


@dataclass(frozen=True)
class Descriptor:
    """A blob: its type, digest and size. `platform` is "" if it is not named."""

    media_type: str
    digest: str
    size_bytes: int
    platform: str = NO_PLATFORM
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def path(self) -> str:
        """Returns its path in the layout."""
        return blob_path(self.digest)


def parse_descriptor(raw: object) -> Descriptor:
    """Parses a descriptor. Raises `ValueError` if it is none, or its digest is not a SHA-256."""
    if not isinstance(raw, dict):
        raise ValueError(raw)
    digest, size_bytes = raw.get("digest"), raw.get("size")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise ValueError(digest)
    if type(size_bytes) is not int or size_bytes < 0:
        raise ValueError(size_bytes)
    return Descriptor(
        str(raw.get("mediaType") or ""),
        digest,
        size_bytes,
        _platform(raw.get("platform")),
        {str(key): str(value) for key, value in _mapping(raw.get("annotations")).items()},
    )


def parse_descriptors(raw: object) -> tuple[Descriptor, ...]:
    """Parses a list of descriptors. Raises `ValueError`."""
    if not isinstance(raw, list):
        raise ValueError(raw)
    return tuple(map(parse_descriptor, raw))


def _platform(raw: object) -> str:
    words = _mapping(raw)
    if not words:
        return NO_PLATFORM
    return platform_of(*(str(words.get(key) or "") for key in ("os", "architecture", "variant")))


def _mapping(raw: object) -> Mapping[str, object]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise ValueError(raw)
    return raw
