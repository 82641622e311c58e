"""Which files a package must hold, by its manifest; the same for a package file and an unpacked directory."""

import hashlib

from installer.bundle.archive.checksums import dump_sums
from installer.bundle.layout import MANIFEST, SUMS
from installer.bundle.manifest.manifest import File, Manifest
from installer.text import _


def expected_files(manifest: Manifest, raw_manifest: bytes) -> dict[str, File]:
    """Every file of the package by its path, except the manifest itself and an optional signature."""
    sums = sums_of(manifest, raw_manifest)
    own = File(SUMS, hashlib.sha256(sums).hexdigest(), len(sums), 0o644)
    return {file.path: file for file in (own, *manifest.files)}


def sums_of(manifest: Manifest, raw_manifest: bytes) -> bytes:
    """The content of SHA256SUMS: the manifest and every file it lists."""
    digests = {file.path: file.sha256 for file in manifest.files}
    return dump_sums({MANIFEST: hashlib.sha256(raw_manifest).hexdigest(), **digests})


def size_problem(file: File, size_bytes: int) -> str | None:
    """Why a file of this size is not `file`, or None. The end of a sentence, as the next three."""
    if size_bytes == file.size_bytes:
        return None
    if file.path == SUMS:
        return _("does not agree with {manifest}", manifest=MANIFEST)
    return _("has {found} bytes instead of {listed}", found=size_bytes, listed=file.size_bytes)


def digest_problem(file: File, sha256: str) -> str | None:
    """Why content of this digest is not that of `file`, or None."""
    if sha256 == file.sha256:
        return None
    if file.path == SUMS:
        return _("does not agree with {manifest}", manifest=MANIFEST)
    return _("is damaged or altered")


def absent() -> str:
    """What is wrong with a file that the manifest lists and nobody finds."""
    return _("is missing")


def unlisted() -> str:
    """What is wrong with a file or folder that the manifest does not know."""
    return _("is not listed in {manifest}", manifest=MANIFEST)
