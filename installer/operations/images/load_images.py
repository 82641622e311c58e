"""Loads the package's images into the engine: those that it lacks, and nothing of a damaged package."""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from installer.bundle.images.chains import layers_to_leave_out
from installer.bundle.images.load_stream import Piece, Selection, expect_images, layer_sizes, load_stream
from installer.bundle.images.side_by_side import side_by_side
from installer.bundle.manifest.manifest import Image, Manifest
from installer.errors import Refused
from installer.operations.images.held_chains import held_chains
from installer.operations.images.silent_load import SilentLoad
from installer.operations.images.stored_images import missing_images
from installer.operations.images.tags import tags_kept
from installer.operations.package.images_source import find_source
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.system.process.process import ToolFailed
from installer.text import _, ngettext

MOST_LOADS = 2  # more loads were not measured


def load_images(
    engine: Engine, manifest: Manifest, release: Path, package: Path | None, console: Console
) -> str:
    """Loads what the engine lacks, checks every image, and returns the result as text.

    Reads the images from `release` or from its package (`find_source`). Raises `BadPackage` before the engine
    registers anything of a damaged package, `Refused` if the engine fails.
    """
    selection = lacking(engine, manifest)
    if selection.images:
        source = find_source(release, manifest, package)
        loads = loads_of(engine, selection)
        with (
            tags_kept(engine, manifest.images),
            source.opened(_("Loading images"), console) as (images_tar, prove),
        ):
            _load(engine, len(loads), load_stream(images_tar, loads, prove), console)
        _expect_all(engine, manifest)
    return ngettext(
        "{count} image loaded, {present} already there", "{count} images loaded, {present} already there",
        len(selection.images), present=len(manifest.images) - len(selection.images),
    )  # fmt: skip


def rehearse_loading(
    engine: Engine, manifest: Manifest, release: Path, package: Path | None, console: Console
) -> str:
    """Verifies all that `load_images` would read, unless that was done before; returns the result as text."""
    selection = lacking(engine, manifest)
    if selection.images:
        source = find_source(release, manifest, package)
        if source.is_package:
            with source.opened(_("Verifying"), console) as (images_tar, prove):
                expect_images(images_tar, selection, prove)
    return ngettext(
        "skipped in a dry run: {count} image to load", "skipped in a dry run: {count} images to load",
        len(selection.images),
    )  # fmt: skip


def lacking(engine: Engine, manifest: Manifest) -> Selection:
    """Returns what the engine must be sent of the package.

    Only the classic store is known to hold the layers of its images: containerd's may keep an unpacked layer
    without its blob.
    """
    missing = missing_images(engine, manifest.images)
    held = held_chains(engine) if missing and engine.version().classic_store else frozenset()
    return select(missing, held, manifest.left_out)


def select(missing: Iterable[Image], held: Collection[str], left_out: Iterable[str]) -> Selection:
    """Selects the layers of `missing` images neither `held`, by chain ID, nor `left_out` by the package."""
    missing = tuple(missing)
    diff_ids = [image.diff_ids for image in missing]
    spared = {*layers_to_leave_out(diff_ids, held), *left_out}
    return Selection(missing, frozenset(layer_sizes(missing)) - spared)


def loads_of(engine: Engine, selection: Selection) -> tuple[Selection, ...]:
    """Splits a selection into loads that run side by side, one per processor.

    Puts all images into one load for containerd's store, where two loads took as long as one.
    """
    processors = os.cpu_count() or 1
    return side_by_side(selection, min(processors, MOST_LOADS) if engine.version().classic_store else 1)


def _load(engine: Engine, archives: int, pieces: Iterable[Piece], console: Console) -> None:
    try:
        with engine.load(archives, SilentLoad(console).told) as streams:
            for number, piece in pieces:
                streams[number].write(piece)
    except ToolFailed as failure:
        raise Refused(
            _("The engine could not load the images."),
            details=failure.details,
            hint=_(
                "Check the engine's disk and log, then run the command again: df -h {place}",
                place=engine.version().data_root,
            ),
        ) from failure


def _expect_all(engine: Engine, manifest: Manifest) -> None:
    incomplete = [image.reference for image in missing_images(engine, manifest.images)]
    if incomplete:
        raise Refused(
            _("The engine did not load all images."),
            details=incomplete,
            hint=_("Check the engine's disk and log, then run the command again."),
        )
