"""What the release before says of itself, by its package or by what is left of it: one manifest.json."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest import Image, Manifest, parse_manifest
from installer.bundle.package_stream import PackageStream
from installer.errors import BadPackage, UsageProblem
from installer.text import _

JSON_ENDING = ".json"


@dataclass(frozen=True)
class PreviousRelease:
    """The release before this one. `manifest_sha256` is the digest of its manifest.json."""

    application: str
    version: str
    manifest_sha256: str
    platform: str
    images: tuple[Image, ...]
    migrations: tuple[str, ...]


def read_previous(place: Path) -> PreviousRelease:
    """Read the head of a package file, of an unpacked package, or a bare manifest.json.

    Raises `BadPackage`, and `UsageProblem` when nothing can be read there.
    """
    try:
        raw, manifest = _head(place / MANIFEST if place.is_dir() else place)
    except OSError as obstacle:
        raise UsageProblem(
            _("The package of the release before cannot be read."),
            details=[f"{obstacle.filename or place}: {obstacle.strerror}"],
            hint=_("Name its package file, its unpacked directory, or the manifest.json out of it."),
        ) from obstacle
    except BadPackage as problem:
        raise BadPackage(
            _("The package of the release before cannot be read."),
            details=[problem.happened, *problem.details],
        ) from problem
    return PreviousRelease(
        application=manifest.application.name,
        version=manifest.application.version,
        manifest_sha256=hashlib.sha256(raw).hexdigest(),
        platform=manifest.platform,
        images=manifest.images,
        migrations=tuple(one.name for one in manifest.migrations),
    )


def _head(file: Path) -> tuple[bytes, Manifest]:
    if file.suffix == JSON_ENDING:
        raw = file.read_bytes()
        return raw, parse_manifest(raw)
    with file.open("rb") as content:
        stream = PackageStream(content, file.name)
        return stream.raw_manifest, stream.manifest
