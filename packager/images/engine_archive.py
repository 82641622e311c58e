"""Reads the archive that an engine saves: passes its layers on, and keeps the small documents about images.

There are three layouts: `<id>/layer.tar` (before 25), `blobs/sha256/<diff ID>` (classic store) and
`blobs/sha256/<digest>`, compressed (containerd's store). A layer is identified by the digest of its content
alone, so neither links nor the engine's own tables of contents are needed. The content of layers is not read.
"""

import heapq
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from installer.bundle.images.docker_archive import BLOB, digest
from installer.errors import Refused
from installer.text import _
from packager.images.ask_engine import Archive
from packager.layers.decompressed import Damaged, decompression
from packager.layers.image_documents import Document, parse_document
from packager.layers.layer_entry import proven
from packager.layers.layer_order import LayerOrder
from packager.layers.saved_file import SavedFile

LARGEST_DOCUMENT_BYTES = 4 << 20
LEGACY_LAYER = re.compile(r"[^/]+/layer\.tar")


def read_engine_archives(
    archives: Iterable[Archive], layers: LayerOrder, advance: Callable[[int], None]
) -> dict[str, Document]:
    """Reads archives side by side and passes each layer to `layers`. Returns the documents by their digest.

    Raises `Refused` for a layer with the wrong digest, `BrokenArchive` for a truncated archive.
    """
    documents: dict[str, Document] = {}
    files = heapq.merge(*(one.files for one in archives), key=lambda file: file.name)
    for file in files:
        chunks = _counted(file, advance)
        blob = BLOB.fullmatch(file.name)
        name = f"sha256:{blob[1]}" if blob else None
        if name and layers.expects(name):
            layers.take(name, file.size_bytes, chunks)
        elif LEGACY_LAYER.fullmatch(file.name):
            layers.take_unnamed(chunks)
        elif file.size_bytes <= LARGEST_DOCUMENT_BYTES:
            content = b"".join(chunks)
            document = parse_document(content)
            if document:
                documents[digest(content)] = document
            elif name:
                _take_compressed(name, iter((content,)), layers)
        elif name:
            _take_compressed(name, chunks, layers)
    return documents


def _counted(file: SavedFile, advance: Callable[[int], None]) -> Iterator[bytes]:
    for chunk in file.chunks():
        advance(len(chunk))
        yield chunk


def _take_compressed(name: str, chunks: Iterator[bytes], layers: LayerOrder) -> None:
    """Takes a blob that may be a compressed layer; drops all others: attestations, other platforms."""
    first = next(chunks, b"")
    decompress = decompression(first)
    if decompress is None:
        return
    proof = proven(chain((first,), chunks), name)
    try:
        layers.take_unnamed(proof, decompress)
    except Damaged as damaged:
        deque(proof, maxlen=0)  # a wrong digest is the better reason
        raise Refused(_("The layer {digest} cannot be decompressed.", digest=name)) from damaged
