"""Small file systems of images, without an engine."""

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from packager.runtime.image_tree import ImageTree, read_tree

ELF = b"\x7fELF"
NO_LINKS: Mapping[str, str] = {}


def tree_of(folder: Path, files: Mapping[str, bytes], links: Mapping[str, str] = NO_LINKS) -> ImageTree:
    """The tree of an image with these files and links, read from an archive as an engine sends it."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path, target in links.items():
            link = tarfile.TarInfo(path)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    archive.seek(0)
    folder.mkdir(exist_ok=True)
    return read_tree(archive, folder)
