"""Small valid manifests and packages, in which a test changes only what matters to it."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.expected_files import sums_of
from installer.bundle.layout import IMAGES, INSTALLER, LAUNCHER, MANIFEST, SUMS, TOOL, package_stem
from installer.bundle.manifest.manifest import (
    Application,
    Database,
    File,
    Image,
    Manifest,
    MigrationEntry,
    Requirements,
    Smoke,
    Source,
)
from installer.bundle.manifest.manifest_file import dump_manifest
from tests.bundle.images_tar import image_of, images_tar
from tests.packager.saved_images import Made, layer

SCRIPT = "prisma/migrations/20250101000000_init/migration.sql"

LAYER = layer("layer", size_bytes=8000)


def made(reference: str = "customer-vault-web:2.1.2") -> Made:
    """The image that a small package has."""
    return Made(reference, (LAYER,))


CONTENTS: dict[str, bytes] = {
    "docker-compose.yml": b"services: {}\n",
    "proxy/nginx.conf": b"events {}\n",
    SCRIPT: b"CREATE TABLE users (id INT);\n",
    INSTALLER: b"PK not really\n",
    LAUNCHER: b"#!/bin/sh\n",
    TOOL: b"#!/bin/sh\n",
    IMAGES: images_tar(made()),
}
PROGRAMS = (INSTALLER, LAUNCHER, TOOL)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_file(path: str, content: bytes) -> File:
    return File(path, sha256(content), len(content), 0o755 if path in PROGRAMS else 0o644)


def an_image(reference: str = "customer-vault-web:2.1.2") -> Image:
    return image_of(made(reference))


def a_manifest(contents: dict[str, bytes] | None = None, **changes: object) -> Manifest:
    """A valid manifest that lists `contents`, with some members changed."""
    contents = CONTENTS if contents is None else contents
    scripts = [path for path in sorted(contents) if path.endswith("/migration.sql")]
    migrations = tuple(MigrationEntry(path.split("/")[2], sha256(contents[path])) for path in scripts)
    manifest = Manifest(
        format=2,
        application=Application("customer_vault", "Customer Vault", "2.1.2", "customer-vault"),
        source=Source("0" * 40, "v2.1.2", False, "2025-01-31T23:59:59Z"),
        built_with="airlock 0.1.0",
        platform="linux/amd64",
        compose_files=("docker-compose.yml",),
        images=(an_image(),),
        base=None,
        files=tuple(a_file(path, content) for path, content in sorted(contents.items())),
        databases=(Database("db", "prisma/migrations", migrations),),
        state=("data/mariadb", "uploads"),
        smoke=Smoke("http://127.0.0.1:${PROXY_PORT}/api/health", "$.version"),
        upgrade_from=">=2.0.0",
        requirements=Requirements("20.10", "2.0"),
        libraries=("click 8.1.7",),
    )
    return replace(manifest, **changes)  # type: ignore[arg-type]


def release_with(archive: bytes, *images: Made) -> tuple[Manifest, dict[str, bytes]]:
    """A manifest of these images and the contents of its package, in which `archive` is images.tar."""
    contents = {**CONTENTS, IMAGES: archive}
    return replace(a_manifest(contents), images=tuple(map(image_of, images))), contents


def root_of(manifest: Manifest) -> str:
    return package_stem(manifest.application.name, manifest.application.version)


def all_contents(manifest: Manifest, contents: dict[str, bytes]) -> dict[str, bytes]:
    """Every file of a package by its path in it, in the order of a package file."""
    raw = dump_manifest(manifest)
    ordered = sorted(contents.items(), key=lambda item: (item[0] == IMAGES, item[0]))
    return {MANIFEST: raw, SUMS: sums_of(manifest, raw), **dict(ordered)}


def entries_of(manifest: Manifest, contents: dict[str, bytes]) -> list[bytes]:
    """The tar entries of a package, in their order."""
    modes = {file.path: file.mode for file in manifest.files}
    return [
        entry(f"{root_of(manifest)}/{path}", content, modes.get(path, 0o644))
        for path, content in all_contents(manifest, contents).items()
    ]


def compressed(entries: Iterable[bytes], end: bytes = END_OF_ARCHIVE) -> bytes:
    return gzip.compress(b"".join(entries) + end, compresslevel=1, mtime=0)


def a_package_file(
    folder: Path, contents: dict[str, bytes] | None = None, manifest: Manifest | None = None
) -> Path:
    """A small package file, valid unless `manifest` is not that of `contents`."""
    contents = CONTENTS if contents is None else contents
    manifest = manifest or a_manifest(contents)
    package = folder / f"{root_of(manifest)}.tar.gz"
    package.write_bytes(compressed(entries_of(manifest, contents)))
    return package


def a_package_directory(
    folder: Path, contents: dict[str, bytes] | None = None, manifest: Manifest | None = None
) -> Path:
    """A small unpacked package, valid unless `manifest` is not that of `contents`."""
    contents = CONTENTS if contents is None else contents
    manifest = manifest or a_manifest(contents)
    root = folder / root_of(manifest)
    for path, content in all_contents(manifest, contents).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root
