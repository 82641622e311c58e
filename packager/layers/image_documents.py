"""Parses the small documents that an engine saves: image configs, manifests and indexes.

https://github.com/opencontainers/image-spec config.md, manifest.md, image-index.md, and Docker's equivalents.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from installer.bundle.images import docker_archive
from installer.system.docker.held_images import platform_of


@dataclass(frozen=True)
class ImageConfig:
    """An image's config. `named_platform` is as written in it, `platform` as engines report it."""

    raw: bytes
    named_platform: str
    platform: str
    diff_ids: tuple[str, ...]


@dataclass(frozen=True)
class ImageManifest:
    """The config and the layers of one image; `elsewhere` has one address for each layer, or ""."""

    raw: bytes
    config: str
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class ImageIndex:
    """The digests that one name leads to: an image for each platform, and attestations."""

    raw: bytes
    manifests: tuple[str, ...]


Document = ImageConfig | ImageManifest | ImageIndex


def parse_document(raw: bytes) -> Document | None:
    """Returns the document in `raw`; None if it is something else, such as a layer."""
    if not raw.lstrip().startswith(b"{"):
        return None
    try:
        return _parsed(raw, json.loads(raw))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def leads_to(document: Document) -> tuple[str, ...]:
    """Returns the digests of the documents that this one names."""
    if isinstance(document, ImageManifest):
        return (document.config,)
    return document.manifests if isinstance(document, ImageIndex) else ()


def _parsed(raw: bytes, members: Mapping[str, Any]) -> Document | None:
    if "rootfs" in members:
        return _config(raw, members)
    if "layers" in members and "config" in members:
        addresses = tuple(str((layer.get("urls") or ("",))[0]) for layer in members["layers"] or ())
        return ImageManifest(raw, str(members["config"]["digest"]), addresses)
    if "manifests" in members:
        return ImageIndex(raw, tuple(str(one["digest"]) for one in members["manifests"]))
    return None


def _config(raw: bytes, members: Mapping[str, Any]) -> ImageConfig:
    words = [str(members.get(key) or "") for key in ("os", "architecture", "variant")]
    diff_ids = tuple(str(one) for one in members["rootfs"].get("diff_ids") or ())
    return ImageConfig(raw, docker_archive.platform_of(members), platform_of(*words), diff_ids)
