"""Lists the files that a package must contain, by its manifest, as a file or unpacked."""

import hashlib

from installer.bundle.archive.checksums import dump_sums
from installer.bundle.layout import MANIFEST, SUMS
from installer.bundle.manifest.manifest import File, Manifest
from installer.text import _


def expected_files(manifest: Manifest, raw_manifest: bytes, *, unpacked: bool = False) -> dict[str, File]:
    """Returns every file of the package by its path, except the manifest and an optional signature.

    `unpacked`, a package may also have the files that a delta leaves out.
    """
    sums = sums_of(manifest, raw_manifest)
    own = File(SUMS, hashlib.sha256(sums).hexdigest(), len(sums), 0o644)
    listed = manifest.files if unpacked else manifest.carried_files
    return {file.path: file for file in (own, *listed)}


def sums_of(manifest: Manifest, raw_manifest: bytes) -> bytes:
    """Returns the content of SHA256SUMS: the manifest and every file it lists."""
    digests = {file.path: file.sha256 for file in manifest.files}
    return dump_sums({MANIFEST: hashlib.sha256(raw_manifest).hexdigest(), **digests})


def size_problem(file: File, size_bytes: int) -> str | None:
    """Returns why a file of this size is not `file`, or None; like the next three, the end of a sentence."""
    if size_bytes == file.size_bytes:
        return None
    if file.path == SUMS:
        return _("does not match {manifest}", manifest=MANIFEST)
    return _("has {found} bytes instead of {listed}", found=size_bytes, listed=file.size_bytes)


def digest_problem(file: File, sha256: str) -> str | None:
    """Returns why content with this digest is not that of `file`, or None."""
    if sha256 == file.sha256:
        return None
    if file.path == SUMS:
        return _("does not match {manifest}", manifest=MANIFEST)
    return _("is damaged or altered")


def absent() -> str:
    """Returns the problem of a listed file that does not exist."""
    return _("is missing")


def unlisted() -> str:
    """Returns the problem of a file or folder that the manifest does not list."""
    return _("is not listed in {manifest}", manifest=MANIFEST)
