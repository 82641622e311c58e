"""Opens an OCI image layout, and finds in it the images of a release by their names.

https://github.com/opencontainers/image-spec image-layout.md. `skopeo` and `airlock images layout` write the
whole reference as `org.opencontainers.image.ref.name`, BuildKit as `io.containerd.image.name`: then the other
one is the tag alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.images.docker_archive import full_name
from installer.bundle.images.image_references import split_reference
from installer.bundle.layout import shown
from installer.errors import Refused, UsageProblem
from installer.text import _
from packager.layouts.descriptor import Descriptor, parse_descriptors
from packager.layouts.laid_image import LaidImage, read_image
from packager.layouts.layout_documents import parsed
from packager.layouts.layout_files import damaged, read_table

VERSION = "1.0.0"
NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


@dataclass(frozen=True)
class ImageLayout:
    """The layout in `folder`: what its index has, by the full names of images."""

    folder: Path
    entries: Mapping[str, tuple[Descriptor, ...]]

    def has(self, reference: str) -> bool:
        """Returns whether an image has this name."""
        return _named(reference) in self.entries

    def image(self, reference: str, digest: str, platform: str) -> LaidImage:
        """Returns the image with this name for a platform. Raises `Refused` if it is not exactly one.

        `digest` is the one that the compose file pins, or "".
        """
        entries = self.entries[_named(reference)]
        if len({entry.digest for entry in entries}) != 1:
            raise _ambiguous(self.folder, reference, entries)
        image = read_image(self.folder, reference, entries[0], platform)
        if digest and digest not in image.digests:
            raise _another_digest(self.folder, reference, digest, image)
        return image


def open_layout(folder: Path) -> ImageLayout:
    """Returns the layout in a folder. Raises `UsageProblem` if there is none, `Refused` if it is damaged."""
    if not (folder / "oci-layout").is_file():
        raise UsageProblem(
            _("{path} is not an OCI image layout.", path=folder),
            details=[_("It contains no {file}.", file="oci-layout")],
            hint=_("Specify the folder; if the layout is a tar file, unpack that first: tar -xf FILE"),
        )
    version = read_table(folder / "oci-layout").get("imageLayoutVersion")
    if version != VERSION:
        words = _("Its version is unknown: {version}", version=shown(str(version)))
        raise damaged(folder / "oci-layout", words)
    index = folder / "index.json"
    entries: dict[str, tuple[Descriptor, ...]] = {}
    for entry in parsed(index, read_table(index).get("manifests"), parse_descriptors):
        names = [entry.annotations[key] for key in NAMES if entry.annotations.get(key)]
        for name in map(_named, names[:1]):
            entries[name] = (*entries.get(name, ()), entry)
    return ImageLayout(folder, entries)


def _named(reference: str) -> str:
    return full_name(split_reference(reference).by_tag)


def _ambiguous(folder: Path, reference: str, entries: tuple[Descriptor, ...]) -> Refused:
    return damaged(
        folder / "index.json",
        _("It has several images {image}:", image=reference),
        *(entry.digest for entry in entries),
    )


def _another_digest(folder: Path, reference: str, digest: str, image: LaidImage) -> Refused:
    return damaged(
        folder / image.manifest.path,
        _("It is not the image {image} that the compose file pins:", image=reference),
        digest,
        hint=_("Copy it with its digests: {command}", command="skopeo copy --all --preserve-digests …"),
    )
