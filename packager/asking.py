"""Asks an engine for images: it prepares a while before it sends, and who asks early need not wait idly."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO

from installer.errors import Refused
from packager.cached_layer import CachedLayer
from packager.image_configs import Documents, WantedImage, find_config
from packager.image_documents import Document
from packager.layer_cache import LayerCache
from packager.save_groups import in_groups

Save = Callable[[Sequence[str]], AbstractContextManager[IO[bytes]]]
"""Yields the engine's archive of images, which are asked for by their IDs."""


@dataclass(frozen=True)
class Asked:
    """Images on their way: from `cache` what it has, by digest, the rest in the engine's archives."""

    wanted: Sequence[WantedImage]
    cache: LayerCache | None
    layers: Mapping[str, CachedLayer]
    documents: Mapping[str, Document]
    archives: Sequence[IO[bytes]]
    _requests: ExitStack

    def finish(self) -> None:
        """End the requests, all read. When one has failed, the engine's own words are raised."""
        self._requests.close()


@contextmanager
def asking(save: Save, wanted: Sequence[WantedImage], cache: LayerCache | None = None) -> Iterator[Asked]:
    """Ask for the images that `cache` does not have whole. What is not finished with the body is dropped."""
    with ExitStack() as held, ExitStack() as requests:
        layers = cache.layers({diff_id for one in wanted for diff_id in one.diff_ids}) if cache else {}
        for layer in layers.values():
            held.callback(layer.close)
        documents = cache.documents(one.id for one in wanted) if cache else {}
        groups = in_groups(one for one in wanted if not _is_whole(one, documents, layers))
        archives = [requests.enter_context(save(image_ids)) for image_ids in groups]
        yield Asked(wanted, cache, layers, documents, archives, requests)


def _is_whole(wanted: WantedImage, documents: Documents, layers: Mapping[str, CachedLayer]) -> bool:
    try:
        find_config(wanted, documents)
    except Refused:
        return False
    return all(diff_id in layers for diff_id in wanted.diff_ids)
