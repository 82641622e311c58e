"""Caches layers packed for earlier packages, and the documents of their images, in a folder.

    <folder>/CACHEDIR.TAG         marks content that can be made again: https://bford.info/cachedir/
    <folder>/<packer>/<diff ID>   the layer's entry of images.tar, packed
    <folder>/images/<digest>      an image's config, or the manifest or index that leads to it
    <folder>/runtime/…            the Python of a package: see runtime/cached_python.py

A document is trusted if its digest is right; a layer, which was verified when it was packed, if its packed
bytes are unchanged. A user who can write to the folder can therefore break packages, but only so that the
import refuses them. Entries that cannot be read or written count as missing; `problem` is the first such
error. Files appear by renaming, so exports may share a cache.
"""

import fnmatch
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from installer.bundle.images.docker_archive import digest
from installer.bundle.manifest.manifest import Layer
from installer.errors import UsageProblem
from installer.system.files.files import write_atomically
from installer.system.files.live_tree import is_empty_folder
from installer.system.files.temporary import UNFINISHED
from installer.text import _
from packager.layers.cached_layer import PARTIAL, CachedLayer, LayerRecorder, entry_path, read_layer
from packager.layers.image_documents import Document, leads_to, parse_document

UNUSED_SECONDS = 90 * 24 * 60 * 60
ABANDONED_SECONDS = 24 * 60 * 60
DOCUMENTS = "images"
TAG = "CACHEDIR.TAG"
TAG_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by airlock export --cache\n"
Result = TypeVar("Result")
ENTRY = re.compile(r"[0-9a-f]{64}")


def expect_cache(folder: Path) -> None:
    """Makes a cache of `folder` if it is missing or empty. Raises `UsageProblem` for any other folder.

    Old entries are deleted, so the folder must not be used for anything else.
    """
    tag = folder / TAG
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if tag.exists():
            return
        if not is_empty_folder(folder):
            raise UsageProblem(
                _("{folder} is not empty and is not an export cache.", folder=folder),
                hint=_("Specify a new folder: --cache FOLDER"),
            )
        tag.write_text(TAG_TEXT, "utf-8")
    except OSError as obstacle:
        raise UsageProblem(
            _("{folder} cannot be used as a cache: {reason}.", folder=folder, reason=obstacle.strerror)
        ) from obstacle


class LayerCache:
    """The cache in `folder` of layers packed by `packer`."""

    def __init__(self, folder: Path, packer: str) -> None:
        self._root = folder
        self._layers = folder / packer
        self._documents = folder / DOCUMENTS
        self.problem: OSError | None = None

    def names(self, diff_ids: Iterable[str]) -> set[str]:
        """Returns those of the layers that have an entry; `layers` checks whether they are complete."""
        return {diff_id for diff_id in diff_ids if self._attempt(entry_path(self._layers, diff_id).is_file)}

    def layers(self, diff_ids: Iterable[str]) -> dict[str, CachedLayer]:
        """Returns those of the layers that are present and complete; marks them as used now."""
        found = ((diff_id, self._layer(diff_id)) for diff_id in diff_ids)
        return {diff_id: layer for diff_id, layer in found if layer is not None}

    @contextmanager
    def keeping(self, layer: Layer) -> Iterator[LayerRecorder]:
        """Yields a recorder for the packed entry of `layer`; keeps the entry if the body succeeds."""
        recorder = LayerRecorder(self._layers, self._note)
        try:
            yield recorder
            recorder.keep(layer)
        finally:
            recorder.drop()

    def documents(self, digests: Iterable[str]) -> dict[str, Document]:
        """Returns those of the documents that are present, and all that they lead to, by digest."""
        found: dict[str, Document] = {}
        waiting = list(digests)
        while waiting:
            wanted = waiting.pop()
            document = self._document(wanted)
            if document is not None and wanted not in found:
                found[wanted] = document
                waiting.extend(leads_to(document))
        return found

    def keep_documents(self, documents: Iterable[Document]) -> None:
        """Keeps documents for later exports."""
        self._attempt(lambda: self._write_documents(documents))

    def forget_unused(self, now: float) -> None:
        """Removes entries that no export has used for 90 days, and leftovers of killed exports."""
        self._attempt(lambda: self._remove_unused(now))

    def _layer(self, diff_id: str) -> CachedLayer | None:
        return self._attempt(lambda: read_layer(entry_path(self._layers, diff_id), diff_id))

    def _document(self, wanted: str) -> Document | None:
        path = entry_path(self._documents, wanted)
        raw = self._attempt(lambda: _read_used(path))
        return parse_document(raw) if raw is not None and digest(raw) == wanted else None

    def _write_documents(self, documents: Iterable[Document]) -> None:
        self._documents.mkdir(mode=0o700, parents=True, exist_ok=True)
        for document in documents:
            write_atomically(entry_path(self._documents, digest(document.raw)), document.raw)

    def _remove_unused(self, now: float) -> None:
        for path in self._root.glob("*/*"):
            unused_seconds = now - path.stat().st_mtime
            is_old = ENTRY.fullmatch(path.name) is not None and unused_seconds > UNUSED_SECONDS
            is_left = _is_unfinished(path.name) and unused_seconds > ABANDONED_SECONDS
            if is_old or is_left:
                path.unlink(missing_ok=True)

    def _attempt(self, act: Callable[[], Result]) -> Result | None:
        try:
            return act()
        except FileNotFoundError:
            return None
        except OSError as obstacle:
            self._note(obstacle)
            return None

    def _note(self, obstacle: OSError) -> None:
        self.problem = self.problem or obstacle


def cache_warning(problem: OSError) -> str:
    """Returns the warning about an error of the cache."""
    reason = problem.strerror or problem
    return _("The cache could not be used completely: {reason}. The package is complete.", reason=reason)


def _is_unfinished(name: str) -> bool:
    return name.startswith(PARTIAL) or fnmatch.fnmatchcase(name, UNFINISHED)


def _read_used(path: Path) -> bytes:
    raw = path.read_bytes()
    os.utime(path)
    return raw
