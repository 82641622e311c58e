"""Reads chosen blobs out of the archive that an engine saves, each proved by its own digest.

Engines from 25 on name an uncompressed layer by its diff ID. 20.10 names it by nothing that is known here, so
each of its layers waits in a temporary file until its digest is known.
"""

import hashlib
import re
import tarfile
import tempfile
from collections.abc import Iterator
from typing import IO, cast

from installer.bundle.archive.checksums import CHUNK_BYTES, Readable
from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.images.docker_archive import BLOB
from installer.bundle.images.passing_blobs import PassingBlob, Take, Wanted, expect_size, proven
from installer.errors import Failed
from installer.text import _

LEGACY_CONFIG = re.compile(r"([0-9a-f]{64})\.json")
LEGACY_LAYER = re.compile(r"[^/]+/layer\.tar")


def pass_saved_blobs(saved: Readable, wanted: Wanted, take: Take) -> None:
    """Passes to `take` each wanted blob that the archive `saved` has. Raises `Failed` if it is damaged."""
    left = dict(wanted)
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", saved), mode="r|", bufsize=CHUNK_BYTES) as archive:
            for entry in archive:
                for blob in _blobs_in(archive, entry, left):
                    expect_size(blob.digest, blob.size_bytes, left)
                    del left[blob.digest]
                    take(blob)
    except (tarfile.TarError, Damaged) as problem:
        raise Failed(
            _("The archive from the engine is damaged."),
            details=[str(problem)],
            hint=_("Check the engine's log, then run the command again."),
        ) from problem


def _blobs_in(archive: tarfile.TarFile, entry: tarfile.TarInfo, wanted: Wanted) -> Iterator[PassingBlob]:
    """Yields the blob of an entry if it is wanted."""
    named = BLOB.fullmatch(entry.name) or LEGACY_CONFIG.fullmatch(entry.name)
    file = archive.extractfile(entry) if entry.isfile() else None
    if file is None:
        return
    if named and f"sha256:{named[1]}" in wanted:
        digest = f"sha256:{named[1]}"
        yield PassingBlob(digest, entry.size, proven(_chunks(file), digest))
    elif LEGACY_LAYER.fullmatch(entry.name) and entry.size in wanted.values():
        with tempfile.TemporaryFile() as waiting:
            digest = _kept(file, waiting)
            waiting.seek(0)
            if digest in wanted:
                yield PassingBlob(digest, entry.size, proven(_chunks(waiting), digest))


def _kept(file: IO[bytes], waiting: IO[bytes]) -> str:
    """Copies a file, and returns its digest."""
    hashed = hashlib.sha256()
    for chunk in _chunks(file):
        hashed.update(chunk)
        waiting.write(chunk)
    return f"sha256:{hashed.hexdigest()}"


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK_BYTES), b"")
