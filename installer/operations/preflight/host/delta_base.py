"""Checks that this host has every layer that a delta leaves out."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.images.chains import chain_ids
from installer.bundle.layout import IMAGES, MANIFEST, package_stem
from installer.bundle.manifest.manifest import Base, Image, Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.bundle.manifest.versions import parse_version
from installer.operations.images.held_chains import held_chains
from installer.operations.images.stored_images import missing_images
from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.screen.console import size
from installer.text import _, ngettext


@dataclass(frozen=True)
class Lacking:
    """Describes an image that is incomplete here, and the layers that neither host nor package has."""

    reference: str
    count: int
    size_bytes: int


@dataclass(frozen=True)
class InstalledRelease:
    """Describes the release in operation; `images` is the file to load its layers from, if it exists."""

    version: str
    manifest_sha256: str
    images: Path | None


def check_base(around: Surroundings) -> Iterator[Finding]:
    """Checks that this engine has every layer that the package leaves out, with all layers below it."""
    manifest = around.situation.manifest
    if manifest.base is not None:
        wanted = missing_images(around.engine, manifest.images)
        lacking = tuple(lacking_layers(wanted, manifest.base.layers, held_chains(around.engine)))
        installation = around.situation.installation
        installed = _installed(installation.directory, manifest) if installation else None
        yield judge_base(manifest, manifest.base, lacking, installed)


def lacking_layers(
    wanted: Iterable[Image], left_out: Collection[str], chains: Collection[str]
) -> Iterator[Lacking]:
    """Finds images of `wanted` with layers neither in the package nor, in their place, in `chains`."""
    for image in wanted:
        placed = zip(image.layers, chain_ids(image.diff_ids), strict=True)
        missing = [layer for layer, chain in placed if layer.diff_id in left_out and chain not in chains]
        if missing:
            yield Lacking(image.reference, len(missing), sum(layer.size_bytes for layer in missing))


def judge_base(
    manifest: Manifest, base: Base, lacking: Sequence[Lacking], installed: InstalledRelease | None
) -> Finding:
    """Judges whether the package is complete here; if not, says what it needs."""
    if not lacking:
        return ok(
            ngettext(
                "{count} layer that the package leaves out is here",
                "All {count} layers that the package leaves out are here",
                len(base.layers),
            )
        )
    title = (
        _("The package contains only the changes since {version}, and parts of {version} are missing here.",
          version=base.version)
        if base.version
        else _("The package was made for one site, and layers that this site had are missing here.")
    )  # fmt: skip
    return failed(
        title,
        [*_needed(base), *_found(base, installed), *map(_lack, lacking)],
        hint=_way_out(manifest, base, installed),
    )


def _needed(base: Base) -> Iterator[str]:
    if base.version is None:
        yield _("needed: the layers that the inventory of the site lists")
    else:
        yield _(
            "needed: {package}, whose manifest.json has the SHA-256 {digest}",
            package=package_stem(base.application, base.version),
            digest=base.manifest_sha256,
        )


def _found(base: Base, installed: InstalledRelease | None) -> Iterator[str]:
    if installed is None:
        yield _("found: no installation of {application}", application=base.application)
    elif installed.version == base.version and installed.manifest_sha256 != base.manifest_sha256:
        yield _(
            "found: {version}, but from another package, whose manifest.json has the SHA-256 {digest}",
            version=installed.version,
            digest=installed.manifest_sha256,
        )
    elif installed.version == base.version:
        yield _("found: {version}; images of it were removed from the engine", version=installed.version)
    else:
        yield _("found: {version}", version=installed.version)


def _lack(lacking: Lacking) -> str:
    return ngettext(
        "{image}: {count} layer is missing, {size}",
        "{image}: {count} layers are missing, {size}",
        lacking.count,
        image=lacking.reference,
        size=size(lacking.size_bytes),
    )


def _way_out(manifest: Manifest, base: Base, installed: InstalledRelease | None) -> str:
    version = manifest.application.version
    if base.version is None:
        return _("Ask the vendor for the whole package of {version}.", version=version)
    if installed and installed.images and installed.manifest_sha256 == base.manifest_sha256:
        return _("Load them again: docker load --input {file}", file=installed.images)
    if installed and parse_version(installed.version) < parse_version(base.version):
        return _("Import {base} first, or ask the vendor for the whole package of {version}.",
                 base=base.version, version=version)  # fmt: skip
    return _(
        "Load the images of that package, or ask the vendor for the whole package of {version}.",
        version=version,
    )


def _installed(directory: Path, manifest: Manifest) -> InstalledRelease | None:
    """Returns the release in `directory`, if it is one of this application."""
    path = directory / MANIFEST
    if not path.is_file():
        return None
    raw = path.read_bytes()
    found = parse_manifest(raw)
    if found.application.name != manifest.application.name:
        return None
    carries_all = found.base is None and (directory / IMAGES).is_file()
    return InstalledRelease(
        version=found.application.version,
        manifest_sha256=hashlib.sha256(raw).hexdigest(),
        images=directory / IMAGES if carries_all else None,
    )
