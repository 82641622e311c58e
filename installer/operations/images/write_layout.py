"""Writes the images of a package as an OCI image layout, which skopeo, crane and others read."""

import os
from pathlib import Path

from installer.bundle.images.docker_archive import blob_path
from installer.bundle.images.oci_layout import layout_files
from installer.bundle.images.passing_blobs import PassingBlob
from installer.errors import Refused
from installer.operations.images.supply_blobs import BlobSupply, sizes_of
from installer.screen.console import size
from installer.system.files.files import free_bytes, fsync_folder, sync_filesystem, writable
from installer.system.files.reserve import RESERVE_BYTES
from installer.system.files.temporary import temporary_folder
from installer.text import _

FOLDER_MODE = 0o755


def write_layout(supply: BlobSupply, target: Path) -> None:
    """Writes the layout into the new folder `target`, which appears only when it is complete and verified.

    Raises `Refused` if it exists or there is no room, `BadPackage` for a damaged package.
    """
    images = supply.manifest.images
    wanted = sizes_of(images)
    _expect_room(target, sum(size_bytes or 0 for size_bytes in wanted.values()))
    with writable(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary_folder(target.parent, f".{target.name}-") as folder:
            (folder / "blobs/sha256").mkdir(parents=True)
            supply.give(wanted, _("Writing images"), lambda blob: _write_blob(folder, blob))
            configs = [(image, (folder / blob_path(image.id)).read_bytes()) for image in images]
            for file in layout_files(configs):
                (folder / file.path).write_bytes(file.content)
            for made in (folder, folder / "blobs", folder / "blobs/sha256"):
                made.chmod(FOLDER_MODE)
            sync_filesystem(folder)
            folder.rename(target)
            fsync_folder(target.parent)


def _write_blob(folder: Path, blob: PassingBlob) -> None:
    with (folder / blob_path(blob.digest)).open("xb") as file:
        for chunk in blob.chunks:
            file.write(chunk)


def _expect_room(target: Path, images_bytes: int) -> None:
    if os.path.lexists(target):
        raise Refused(
            _("{path} exists already.", path=target), hint=_("Specify a folder that does not exist yet.")
        )
    needed, free = images_bytes + RESERVE_BYTES, free_bytes(target)
    if free < needed:
        raise Refused(
            _("There is not enough space in {path} for the images.", path=target.parent),
            details=[_("needed: {needed}, free: {free}", needed=size(needed), free=size(free))],
            hint=_("Make room, or specify a folder on another disk."),
        )
