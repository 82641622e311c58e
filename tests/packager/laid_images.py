"""Makes OCI image layouts as `skopeo` and BuildKit write them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.packager.saved_images import Made, Pack, as_json, descriptor, digest, gzipped, zstd

OCI = "application/vnd.oci.image"
INDEX, MANIFEST, CONFIG = f"{OCI}.index.v1+json", f"{OCI}.manifest.v1+json", f"{OCI}.config.v1+json"
DOCKERS = {
    MANIFEST: "application/vnd.docker.distribution.manifest.v2+json",
    CONFIG: "application/vnd.docker.container.image.v1+json",
    f"{OCI}.layer.v1.tar": "application/vnd.docker.image.rootfs.diff.tar",
    f"{OCI}.layer.v1.tar+gzip": "application/vnd.docker.image.rootfs.diff.tar.gzip",
}


@dataclass(frozen=True)
class Packed:
    """How layers are packed, and the media types of documents and layers."""

    pack: Pack
    layer_type: str
    types: Mapping[str, str]

    def type(self, name: str) -> str:
        return self.types.get(name, name)


PLAIN = Packed(bytes, f"{OCI}.layer.v1.tar", {})
GZIP = Packed(gzipped, f"{OCI}.layer.v1.tar+gzip", {})
ZSTD = Packed(zstd, f"{OCI}.layer.v1.tar+zstd", {})
DOCKER = Packed(gzipped, f"{OCI}.layer.v1.tar+gzip", DOCKERS)


def manifest_of(made: Made, packed: Packed = PLAIN) -> bytes:
    """Its manifest."""
    layers = [descriptor(packed.pack(one), mediaType=packed.type(packed.layer_type)) for one in made.layers]
    config = descriptor(made.config, mediaType=packed.type(CONFIG))
    return as_json({"schemaVersion": 2, "config": config, "layers": layers})


def entry_of(made: Made, packed: Packed = PLAIN, **annotations: str) -> dict[str, object]:
    """What index.json says of it, by the names of annotations without dots."""
    names = {"ref_name": "org.opencontainers.image.ref.name", "image_name": "io.containerd.image.name"}
    return descriptor(
        manifest_of(made, packed),
        mediaType=packed.type(MANIFEST),
        annotations={names[key]: value for key, value in annotations.items()},
    )


def blobs_of(made: Made, packed: Packed = PLAIN) -> list[bytes]:
    """All its files."""
    return [*map(packed.pack, made.layers), made.config, manifest_of(made, packed)]


def laid(folder: Path, entries: Iterable[Mapping[str, object]], blobs: Iterable[bytes]) -> Path:
    """A layout with these files and this table of contents."""
    (folder / "blobs/sha256").mkdir(parents=True)
    for content in blobs:
        path_of(folder, content).write_bytes(content)
    (folder / "index.json").write_bytes(as_json({"schemaVersion": 2, "manifests": list(entries)}))
    (folder / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
    return folder


def by_skopeo(folder: Path, *images: Made, packed: Packed = PLAIN) -> Path:
    """What `skopeo copy … oci:FOLDER:REFERENCE` writes."""
    entries = [entry_of(made, packed, ref_name=made.reference) for made in images]
    return laid(folder, entries, (blob for made in images for blob in blobs_of(made, packed)))


def by_buildkit(folder: Path, *images: Made, packed: Packed = GZIP) -> Path:
    """What `buildx build -o type=oci,tar=false` writes for several platforms, with their attestation."""
    reference = images[0].reference
    unknown = {"os": "unknown", "architecture": "unknown"}
    manifests = [
        {**entry_of(one, packed), "platform": {"os": "linux", "architecture": one.architecture}}
        for one in images
    ]
    attested = descriptor(b"{}", mediaType=MANIFEST, platform=unknown)
    index = as_json({"schemaVersion": 2, "manifests": [*manifests, attested]})
    names = {
        "io.containerd.image.name": f"docker.io/{reference}",
        "org.opencontainers.image.ref.name": reference.rpartition(":")[2],
    }
    entry = descriptor(index, mediaType=INDEX, annotations=names)
    return laid(folder, [entry], [index, *(blob for made in images for blob in blobs_of(made, packed))])


def path_of(folder: Path, content: bytes) -> Path:
    """The file of a blob."""
    return folder / "blobs/sha256" / digest(content)
