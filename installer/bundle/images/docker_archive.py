"""Defines the layout of images.tar, which `docker load` of every engine since 20.10 accepts.

It has two tables of contents over the same blobs: Docker's `manifest.json` (classic store) and the OCI image
layout (`index.json`, `oci-layout`; containerd store). Sources: https://github.com/opencontainers/image-spec
image-layout.md, https://github.com/moby/docker-image-spec, and what `docker save` of engine 26 writes.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from installer.bundle.manifest.manifest import Image
from installer.bundle.manifest.strict_json import NotJson, json_object
from installer.errors import BadPackage
from installer.text import _

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"
BLOB = re.compile(r"blobs/sha256/([0-9a-f]{64})")
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True)
class Blob:
    """A small file of images.tar."""

    path: str
    content: bytes


LAYOUT = Blob("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')


def blob_path(digest: str) -> str:
    """Returns the path of the blob with the digest `sha256:<hex>`: `blobs/sha256/<hex>`."""
    return f"blobs/{digest.replace(':', '/', 1)}"


def metadata(images: Sequence[tuple[Image, bytes]]) -> tuple[Blob, ...]:
    """Returns all of images.tar except the layers, in order, for images with their configs.

    Raises `BadPackage` if a config does not match its image.
    """
    documents = image_documents(images)
    return (
        *documents,
        oci_index(images, _tag),
        Blob("manifest.json", _docker_manifest([image for image, _config in images])),
        LAYOUT,
    )


def image_documents(images: Sequence[tuple[Image, bytes]]) -> tuple[Blob, ...]:
    """Returns the configs and the OCI manifests as blobs, each once.

    Raises `BadPackage` if a config does not match its image.
    """
    problems = [problem for image, config in images for problem in config_problems(image, config)]
    if problems:
        raise BadPackage(_("The images do not match their descriptions."), details=problems)
    configs = {image.id: config for image, config in images}
    manifests = {image.id: oci_manifest(image, config) for image, config in images}
    return (
        *(Blob(blob_path(image_id), config) for image_id, config in configs.items()),
        *(Blob(blob_path(digest(manifest)), manifest) for manifest in manifests.values()),
    )


def config_problems(image: Image, config: bytes) -> list[str]:
    """Returns why `config` is not the config of `image`: digest, platform or layers differ."""
    if digest(config) != image.id:
        return [
            _("{image}: the digest of its config is {digest}", image=image.reference, digest=digest(config))
        ]
    try:
        members = json_object(config)
    except NotJson as problem:
        return [_("{image}: its config cannot be read: {problem}", image=image.reference, problem=problem)]
    rootfs = members.get("rootfs")
    listed = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
    problems = []
    if listed != list(image.diff_ids):
        problems.append(_("{image}: its layers differ from its config", image=image.reference))
    if platform_of(members) != image.platform:
        problems.append(
            _("{image}: its config is for {platform}", image=image.reference, platform=platform_of(members))
        )
    return problems


def platform_of(config: Mapping[str, object]) -> str:
    """Returns the platform of an image's config, such as `linux/amd64` or `linux/arm64/v8`."""
    parts = (config.get("os"), config.get("architecture"), config.get("variant"))
    return "/".join(str(part) for part in parts if part)


def full_name(reference: str) -> str:
    """Returns the full form of a reference: `nginx:1.24` is `docker.io/library/nginx:1.24`."""
    first, slash, _rest = reference.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        return reference
    return f"docker.io/{reference}" if slash else f"docker.io/library/{reference}"


def digest(content: bytes) -> str:
    """Returns the digest of `content` with `sha256:` before it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def oci_manifest(image: Image, config: bytes) -> bytes:
    """Returns the OCI manifest of an image with this config; its layers are uncompressed."""
    layers = [_descriptor(LAYER_TYPE, layer.diff_id, layer.size_bytes) for layer in image.layers]
    described = _descriptor(CONFIG_TYPE, image.id, len(config))
    return _json({"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": described, "layers": layers})


def oci_index(images: Sequence[tuple[Image, bytes]], name_of: Callable[[Image], str]) -> Blob:
    """Returns the index of an OCI image layout, in which each image has the reference name `name_of`."""
    entries = [_index_entry(image, oci_manifest(image, config), name_of(image)) for image, config in images]
    return Blob("index.json", _json({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": entries}))


def _tag(image: Image) -> str:
    return full_name(image.reference).rpartition(":")[2]


def _index_entry(image: Image, manifest: bytes, name: str) -> dict[str, object]:
    return {
        **_descriptor(MANIFEST_TYPE, digest(manifest), len(manifest)),
        "annotations": {
            "io.containerd.image.name": full_name(image.reference),
            "org.opencontainers.image.ref.name": name,
        },
        "platform": _index_platform(image.platform),
    }


def _index_platform(platform: str) -> dict[str, str]:
    return dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))


def _docker_manifest(images: Sequence[Image]) -> bytes:
    tags: dict[str, list[str]] = {}
    for image in images:
        tags.setdefault(image.id, []).append(image.reference)
    layers = {image.id: [blob_path(layer.diff_id) for layer in image.layers] for image in images}
    return _json(
        [
            {"Config": blob_path(image_id), "RepoTags": references, "Layers": layers[image_id]}
            for image_id, references in tags.items()
        ]
    )


def _descriptor(media_type: str, digest_: str, size_bytes: int) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest_, "size": size_bytes}


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
