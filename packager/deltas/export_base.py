"""Determines the base of a delta: the previous release or a site's inventory. Its layers are left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from installer.bundle.images.chains import all_chains, layers_to_leave_out
from installer.bundle.layout import RUNTIME, is_inside
from installer.bundle.manifest.inventory import parse_inventory
from installer.bundle.manifest.manifest import Base, File
from installer.errors import Refused, UsageProblem
from installer.text import _
from packager.deltas.previous_release import PreviousRelease


@dataclass(frozen=True)
class Since:
    """The base of a delta. `version` and `manifest_sha256` are None for a site's inventory.

    `application` is None for a site without one, `written_at` for a release. `chains` are the chain IDs of
    the base, `layers_size_bytes` is the size of its layers, None if unknown. `files` are those of a release.
    """

    application: str | None
    version: str | None
    manifest_sha256: str | None
    platform: str
    written_at: str | None
    chains: frozenset[str]
    layers_size_bytes: int | None
    files: tuple[File, ...] = ()


class LayeredImage(Protocol):
    """An image, in an engine or in a manifest."""

    @property
    def platform(self) -> str: ...

    @property
    def diff_ids(self) -> tuple[str, ...]: ...


def delta_stem(stem: str, base_version: str | None) -> str:
    """Returns the file name of a delta before its ending; without a base version, of a delta for a site."""
    return f"{stem}_since_{base_version}" if base_version else f"{stem}_for_site"


def since_release(release: PreviousRelease) -> Since:
    """Returns the release of a package as a base."""
    layers = {layer.diff_id: layer.size_bytes for image in release.images for layer in image.layers}
    return Since(
        application=release.application,
        version=release.version,
        manifest_sha256=release.manifest_sha256,
        platform=release.platform,
        written_at=None,
        chains=all_chains(image.diff_ids for image in release.images),
        layers_size_bytes=sum(layers.values()),
        files=release.files,
    )


def since_site(file: Path) -> Since:
    """Returns the inventory of a site as a base. Raises `UsageProblem`."""
    try:
        found = parse_inventory(file.read_bytes(), file.name)
    except OSError as obstacle:
        raise UsageProblem(
            _("{file} cannot be read.", file=file), details=[obstacle.strerror or ""]
        ) from obstacle
    return Since(
        application=found.installed.application if found.installed else None,
        version=None,
        manifest_sha256=None,
        platform=found.platform,
        written_at=found.written_at,
        chains=frozenset(found.chains),
        layers_size_bytes=None,
    )


def expect_base(since: Since, application: str, version: str) -> None:
    """Raises `UsageProblem` unless a delta of this release can build on `since`."""
    if since.application not in (None, application):
        raise UsageProblem(
            _("A package of {application} cannot build on {base}.",
              application=application, base=since.application),
            hint=_("Specify a package, a manifest.json or an inventory of this application."),
        )  # fmt: skip
    if since.version == version:
        raise UsageProblem(
            _("{version} cannot build on itself.", version=version),
            hint=_("Specify the package of the release that is on the site now."),
        )


def base_of(since: Since, application: str, images: Sequence[LayeredImage]) -> Base:
    """Returns the base for the manifest of `application`, with the layers of `images` that the base has.

    Raises `Refused` if the base is for another platform.
    """
    others = [image.platform for image in images if not _is_one_machine(image.platform, since.platform)]
    if others:
        raise Refused(
            _("The base of the package is for another platform."),
            details=[_("Base: {base}; images: {images}", base=since.platform, images=others[0])],
            hint=_("Specify a base for the same platform, or export the whole release."),
        )
    left_out = layers_to_leave_out((image.diff_ids for image in images), since.chains)
    return Base(application, since.version, since.manifest_sha256, left_out)


def with_left_out_files(base: Base, since: Since, files: Iterable[File]) -> Base:
    """Returns the base with those of the package's `files` that a delta leaves out: its own Python.

    It is left out as a whole, where the base has exactly the same, so that a launcher can start it there.
    """
    here, there = ({one for one in some if is_inside(one.path, [RUNTIME])} for some in (files, since.files))
    return replace(base, files=tuple(sorted(one.path for one in here)) if here == there else ())


def _is_one_machine(one: str, other: str) -> bool:
    return one.split("/")[:2] == other.split("/")[:2]
