"""Makes archives as engines save them: the layout of 20.10, that of 25 and newer, and damaged ones."""

import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def layer(*names: str) -> bytes:
    """A layer that holds empty files of these names."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))
    return file.getvalue()


@dataclass(frozen=True)
class Made:
    """An image by its reference and layers."""

    reference: str
    layers: tuple[bytes, ...]

    @property
    def config(self) -> bytes:
        diff_ids = [f"sha256:{digest(one)}" for one in self.layers]
        return json.dumps(
            {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": diff_ids}}
        ).encode()

    @property
    def id(self) -> str:
        return f"sha256:{digest(self.config)}"


def oci_archive(*images: Made, packed: bool = False, without: bytes = b"none") -> io.BytesIO:
    """What engine 25 and newer writes; `packed`: layers as gzip; `without`: that layer left out."""
    stored = {one: gzip.compress(one, mtime=0) if packed else one for made in images for one in made.layers}
    blobs = [
        *(content for one, content in stored.items() if one != without),
        *(made.config for made in images),
    ]
    files = {f"blobs/sha256/{digest(content)}": content for content in blobs}
    listed = [
        {
            "Config": f"blobs/sha256/{digest(made.config)}",
            "RepoTags": [made.reference],
            "Layers": [f"blobs/sha256/{digest(stored[one])}" for one in made.layers],
        }
        for made in images
    ]
    return archive_of({**dict(sorted(files.items())), "manifest.json": json.dumps(listed).encode()})


def legacy_archive(*images: Made) -> io.BytesIO:
    """What engine 20.10 writes: a folder for each layer, and a link where one repeats."""
    files: dict[str, bytes | str] = {}
    first: dict[bytes, str] = {}
    listed = []
    for number, made in enumerate(images):
        paths = [f"{digest(one + bytes([number]))}/layer.tar" for one in made.layers]
        for one, path in zip(made.layers, paths, strict=True):
            files[path] = f"../{first[one]}" if one in first else one
            first.setdefault(one, path)
            files[path.replace("layer.tar", "json")] = b"{}"
            files[path.replace("layer.tar", "VERSION")] = b"1.0"
        files[f"{digest(made.config)}.json"] = made.config
        config = f"{digest(made.config)}.json"
        listed.append({"Config": config, "RepoTags": [made.reference], "Layers": paths})
    return archive_of({**files, "manifest.json": json.dumps(listed).encode(), "repositories": b"{}"})


def archive_of(files: "dict[str, bytes | str] | dict[str, bytes]") -> io.BytesIO:
    """A tar of files; a text is the target of a symbolic link."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                archive.addfile(entry)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    file.seek(0)
    return file
