"""Reads the manifest of the previous release, from its package or from a kept manifest.json."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import File, Image, Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import BadPackage
from installer.system.reading.package_reader import find_package, open_package, readable
from installer.text import _

JSON_ENDING = ".json"


@dataclass(frozen=True)
class PreviousRelease:
    """The previous release. `manifest_sha256` is the digest of its manifest.json.

    `migrations` are the names of those of each database, by its service.
    """

    application: str
    version: str
    manifest_sha256: str
    platform: str
    images: tuple[Image, ...]
    files: tuple[File, ...]
    migrations: Mapping[str, tuple[str, ...]]


def read_previous(place: Path) -> PreviousRelease:
    """Reads the manifest of a package file or its parts, of an unpacked package, or a manifest.json itself.

    Raises `BadPackage`, and `UsageProblem` if the path does not exist.
    """
    try:
        raw, manifest = _head(place)
    except BadPackage as problem:
        raise BadPackage(
            _("The package of the previous release cannot be read."),
            details=[problem.happened, *problem.details],
            hint=_("Specify the package file, its unpacked directory, or its manifest.json."),
        ) from problem
    return PreviousRelease(
        application=manifest.application.name,
        version=manifest.application.version,
        manifest_sha256=hashlib.sha256(raw).hexdigest(),
        platform=manifest.platform,
        images=manifest.images,
        files=manifest.files,
        migrations={
            database.service: tuple(one.name for one in database.migrations)
            for database in manifest.databases
        },
    )


def _head(place: Path) -> tuple[bytes, Manifest]:
    if place.is_dir() or place.suffix == JSON_ENDING:
        with readable(place):
            raw = (place / MANIFEST if place.is_dir() else place).read_bytes()
        return raw, parse_manifest(raw)
    with open_package(find_package(place), _ignore_progress) as stream:
        return stream.raw_manifest, stream.manifest


def _ignore_progress(size_bytes: int) -> None:
    """Ignores reading progress: only the beginning is read."""
