"""Writes and reads zip archives without compression: the package is compressed as a whole."""

import io
import zipfile
from collections.abc import Mapping

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
UNIX = 3
MODE = 0o100644 << 16


def stored_zip(files: Mapping[str, bytes], start: bytes = b"") -> bytes:
    """Returns an archive of these files, sorted by path, after `start`: always the same bytes for the same.

    It is not compressed, because two versions of zlib make different bytes.
    """
    archive = io.BytesIO(start)
    archive.seek(0, io.SEEK_END)
    with zipfile.ZipFile(archive, "a") as zipped:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, FIRST_DAY)
            entry.create_system, entry.external_attr = UNIX, MODE
            zipped.writestr(entry, content)
    return archive.getvalue()


def read_zip(content: bytes) -> dict[str, bytes]:
    """Returns the files of an archive. Raises `zipfile.BadZipFile`."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}
