"""Small packages, whole ones and deltas, of images that are made here; no engine is needed."""

import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.chains import all_chains, layers_to_leave_out
from installer.bundle.images.docker_archive import metadata
from installer.bundle.layout import INSTALLER, LAUNCHER, TOOL, package_stem
from installer.bundle.manifest.manifest import Application, Base, Image, Layer, Manifest, format_of
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.screen.console import Console
from installer.system.reading.package_reader import find_package, open_package
from packager.compression.output_format import OutputFormat
from packager.deltas.export_base import delta_stem
from packager.file.expected_image import expected_image
from packager.file.package_file import FILE_MODE, PROGRAM_MODE, PackedFile, write_package
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_entry import LayerWriter
from tests.bundle.builders import PROGRAMS, a_manifest
from tests.packager.saved_images import Made, digest, layer

QUIET = Console(story=io.StringIO(), verbosity="quiet")
OS, LIBRARIES = layer("bin/sh"), layer("usr/lib/a", "usr/lib/b")
SMALL: dict[str, bytes] = {
    "docker-compose.yml": b"services: {}\n",
    "DEPLOYMENT_GUIDE.md": b"Install\n\n",
    INSTALLER: b"PK\n",
    LAUNCHER: b"#!/bin/sh\n",
    TOOL: b"#!/bin/sh\n",
}
PYTHON = {
    "runtime/bin/python3": b"\x7fELF" * 999,
    "runtime/lib/python311.zip": b"PK",
    "runtime/lib/a.so": b"",
}
NOTHING: Mapping[str, bytes] = {}


def release(version: str, *layers: bytes) -> tuple[Made, ...]:
    """Two images on the same foundation; `layers` stand on it in the first."""
    return (Made(f"vault/web:{version}", (OS, *layers)), Made("vault/db:1", (OS, LIBRARIES)))


def image_of(made: Made) -> Image:
    layers = tuple(Layer(f"sha256:{digest(one)}", len(one)) for one in made.layers)
    return Image(made.reference, made.id, "linux/amd64", layers)


def write_images(sink: ImagesSink, images: Sequence[Made], left_out: Collection[str]) -> tuple[Image, ...]:
    """Write the images with their layers, without those left out."""
    contents = {digest(one): one for made in images for one in made.layers}
    writer = LayerWriter(sink, lambda size: None)
    for hexadecimal in sorted(contents):
        if f"sha256:{hexadecimal}" not in left_out:
            content = contents[hexadecimal]
            writer.write(Layer(f"sha256:{hexadecimal}", len(content)), [content])
    sink.boundary()
    for blob in metadata([(image_of(made), made.config) for made in images]):
        sink.write(entry(blob.path, blob.content))
    sink.write(END_OF_ARCHIVE)
    return tuple(image_of(made) for made in images)


def write(
    folder: Path,
    version: str,
    images: Sequence[Made],
    base: Base | None = None,
    output_format: OutputFormat = OutputFormat(),  # noqa: B008  it is frozen
    name: str = "vault",
    compose: bytes = SMALL["docker-compose.yml"],
    guides: Mapping[str, bytes] = NOTHING,
    python: Mapping[str, bytes] = NOTHING,
) -> Path:
    """Write the package of a release, without what `base` has; `guides` replace its own."""
    described = tuple(image_of(made) for made in images)
    left_out, left_out_files = (base.layers, base.files) if base else ((), ())
    stem = package_stem(name, version)
    target = folder / f"{delta_stem(stem, base.version) if base else stem}{output_format.ending}"
    guide = b"<!-- base -->\nneeds it\n<!-- end of base -->\n\n" if base else b""
    small = {
        **SMALL,
        "docker-compose.yml": compose,
        "DEPLOYMENT_GUIDE.md": f"tar -xzf {target.name}\n\n".encode() + guide + b"End\n",
        **guides,
        **python,
    }
    write_package(
        target,
        stem,
        [
            PackedFile(path, one, PROGRAM_MODE if path in PROGRAMS else FILE_MODE, path in left_out_files)
            for path, one in small.items()
        ],
        tuple(expected_image(one.reference, one.platform, one.diff_ids) for one in described),
        lambda sink: write_images(sink, images, left_out),
        lambda files, found: a_manifest(
            format=format_of(base, ()),
            application=Application(name, "Vault", version, "vault"),
            files=files,
            images=found,
            base=base,
            databases=(),
            state=(),
            smoke=None,
            upgrade_from=None,
        ),
        QUIET,
        output_format,
    )
    return target


def manifest_of(package: Path) -> tuple[Manifest, str]:
    """What a package says about itself, and the digest of that."""
    with open_package(find_package(package), lambda _size: None) as stream:
        return parse_manifest(stream.raw_manifest), hashlib.sha256(stream.raw_manifest).hexdigest()


def since(package: Path, images: Sequence[Made]) -> Base:
    """A delta's base: what of `images` the release in `package` has."""
    manifest, sha256 = manifest_of(package)
    chains = all_chains([one.diff_id for one in image.layers] for image in manifest.images)
    diff_ids = [[f"sha256:{digest(one)}" for one in made.layers] for made in images]
    application = manifest.application
    return Base(application.name, application.version, sha256, layers_to_leave_out(diff_ids, chains))
