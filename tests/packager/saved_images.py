"""Makes archives as engines save them: of 20.10, of the classic store from 25 on, of containerd's store."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import zstandard

Pack = Callable[[bytes], bytes]
ATTESTATION = "application/vnd.in-toto+json"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def named(content: bytes) -> str:
    return f"sha256:{digest(content)}"


def layer(*names: str, size_bytes: int = 0) -> bytes:
    """A layer that holds files of these names, full of zeros."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = size_bytes
            archive.addfile(entry, io.BytesIO(bytes(size_bytes)))
    return file.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=1, mtime=0)


def zstd(content: bytes) -> bytes:
    return zstandard.compress(content)


@dataclass(frozen=True)
class Made:
    """An image by its reference and layers; `also` are further members of its config."""

    reference: str
    layers: tuple[bytes, ...]
    architecture: str = "amd64"
    also: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def diff_ids(self) -> tuple[str, ...]:
        return tuple(map(named, self.layers))

    @property
    def config(self) -> bytes:
        rootfs = {"type": "layers", "diff_ids": list(self.diff_ids)}
        return as_json({"architecture": self.architecture, "os": "linux", **self.also, "rootfs": rootfs})

    @property
    def id(self) -> str:
        """With the classic store."""
        return named(self.config)

    def manifest(self, pack: Pack = bytes) -> bytes:
        """Its OCI manifest, the layers packed like this."""
        packed = map(pack, self.layers)
        layers = [{"mediaType": "a layer", "digest": named(one), "size": len(one)} for one in packed]
        return as_json({"schemaVersion": 2, "config": descriptor(self.config), "layers": layers})


def as_json(document: object) -> bytes:
    return json.dumps(document).encode()


def descriptor(content: bytes, **also: object) -> dict[str, object]:
    return {"digest": named(content), "size": len(content), **also}


def blobs_archive(*blobs: bytes, index: object = None) -> io.BytesIO:
    """Blobs in the order of their digests, as every engine from 25 on sends them."""
    files = {f"blobs/sha256/{digest(content)}": content for content in blobs}
    tables = {"index.json": as_json(index or {"manifests": []}), "oci-layout": b"{}"}
    return archive_of({**dict(sorted(files.items())), **tables})


def oci_archive(*images: Made, without: bytes = b"none") -> io.BytesIO:
    """What the classic store of engine 25 and newer sends; `without`: that layer left out."""
    layers = [one for made in images for one in made.layers if one != without]
    return blobs_archive(*layers, *(made.config for made in images), *(made.manifest() for made in images))


def packed_archive(*images: Made, pack: Pack = gzipped) -> io.BytesIO:
    """What containerd's store sends of images for one platform each; an ID is a manifest's digest."""
    layers = [pack(one) for made in images for one in made.layers]
    manifests = [made.manifest(pack) for made in images]
    return blobs_archive(*layers, *(made.config for made in images), *manifests)


def index_of(*images: Made, pack: Pack = gzipped) -> bytes:
    """An index of images for several platforms, with an attestation for the first."""
    manifests = [
        descriptor(made.manifest(pack), platform={"os": "linux", "architecture": made.architecture})
        for made in images
    ]
    annotations = {"vnd.docker.reference.type": "attestation-manifest"}
    unknown = {"os": "unknown", "architecture": "unknown"}
    attested = descriptor(attestation().manifest(), platform=unknown, annotations=annotations)
    return as_json({"schemaVersion": 2, "manifests": [*manifests, attested]})


def attestation() -> Made:
    """What BuildKit puts beside an image: it looks like one, but its layer is a statement."""
    return Made("", (as_json({"_type": "https://in-toto.io/Statement/v0.1"}),), "unknown", {"os": "unknown"})


def index_archive(*images: Made, pack: Pack = gzipped) -> io.BytesIO:
    """What containerd's store sends of an image for several platforms; its ID is the index's digest."""
    blobs = [index_of(*images, pack=pack)]
    for made in images:
        blobs += [*map(pack, made.layers), made.config, made.manifest(pack)]
    attested = attestation()
    return blobs_archive(*blobs, *attested.layers, attested.config, attested.manifest())


def legacy_archive(*images: Made) -> io.BytesIO:
    """What engine 20.10 sends: a folder for each layer, and a link where one repeats."""
    files: dict[str, bytes | str] = {}
    first: dict[bytes, str] = {}
    listed = []
    for number, made in enumerate(images):
        paths = [f"{digest(one + bytes([number, place]))}/layer.tar" for place, one in enumerate(made.layers)]
        for one, path in zip(made.layers, paths, strict=True):
            files[path] = f"../{first[one]}" if one in first else one
            first.setdefault(one, path)
            files[path.replace("layer.tar", "json")] = b"{}"
            files[path.replace("layer.tar", "VERSION")] = b"1.0"
        files[f"{digest(made.config)}.json"] = made.config
        config = f"{digest(made.config)}.json"
        listed.append({"Config": config, "RepoTags": None, "Layers": paths})
    return archive_of({**dict(sorted(files.items())), "manifest.json": as_json(listed)})


def archive_of(files: "Mapping[str, bytes | str] | Mapping[str, bytes]") -> io.BytesIO:
    """A tar of files; a text is the target of a symbolic link."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.mtime = 1700000000.5  # makes a pax header, as engines do
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                archive.addfile(entry)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    file.seek(0)
    return file
