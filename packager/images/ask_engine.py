"""Requests images from an engine early, because it prepares for a while before it sends.

Images in an image layout are read from there.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from installer.bundle.archive.checksums import Readable
from installer.errors import Refused
from packager.images.engine_tar import saved_files
from packager.images.image_configs import Documents, WantedImage, find_config
from packager.images.save_groups import in_groups
from packager.layers.cached_layer import CachedLayer
from packager.layers.image_documents import Document
from packager.layers.layer_cache import LayerCache
from packager.layers.saved_file import SavedFile

Save = Callable[[Sequence[str]], AbstractContextManager[Readable]]
"""Yields the engine's archive of images, which are requested by their IDs."""
Read = Callable[[Sequence[str]], Iterator[SavedFile]]
"""Yields the files of images in an image layout by name, as an engine's archive has them."""


@dataclass(frozen=True)
class Archive:
    """The files of these images, by name."""

    images: Sequence[WantedImage]
    files: Iterator[SavedFile]


@dataclass(frozen=True)
class Asked:
    """Requested images: those in `cache`, by digest, and the rest in the engine's archives."""

    wanted: Sequence[WantedImage]
    cache: LayerCache | None
    layers: Mapping[str, CachedLayer]
    documents: Mapping[str, Document]
    archives: Sequence[Archive]


@contextmanager
def asking(
    save: Save, wanted: Sequence[WantedImage], cache: LayerCache | None = None, read: Read | None = None
) -> Iterator[Asked]:
    """Requests the images that `cache` lacks in part or whole. Discards what the body does not read.

    Those that are laid come from `read`, all others from `save`. The content of the cache is verified while
    the engine prepares; damaged content is requested, too.
    """
    with ExitStack() as held:
        diff_ids = {diff_id for one in wanted for diff_id in one.diff_ids}
        documents = cache.documents(one.id for one in wanted) if cache else {}
        lacking = _lacking(wanted, documents, cache.names(diff_ids) if cache else ())
        archives = _archives(held, save, read, lacking)
        layers = cache.layers(diff_ids) if cache else {}
        for layer in layers.values():
            held.callback(layer.close)
        damaged = [one for one in _lacking(wanted, documents, layers) if one not in lacking]
        archives += _archives(held, save, read, damaged)
        yield Asked(wanted, cache, layers, documents, archives)


def _archives(held: ExitStack, save: Save, read: Read | None, images: Sequence[WantedImage]) -> list[Archive]:
    groups = in_groups(one for one in images if not one.is_laid)
    archives = [held.enter_context(_saving(save, group)) for group in groups]
    laid = [one for one in images if one.is_laid]
    if laid and read:
        archives.append(Archive(laid, read([one.id for one in laid])))
    return archives


@contextmanager
def _saving(save: Save, images: Sequence[WantedImage]) -> Iterator[Archive]:
    with save([image.id for image in images]) as stream:
        yield Archive(images, saved_files(stream))


def _lacking(
    wanted: Sequence[WantedImage], documents: Documents, layers: Collection[str]
) -> list[WantedImage]:
    """Returns the images whose config or layers are incomplete."""
    return [one for one in wanted if not _is_whole(one, documents, layers)]


def _is_whole(wanted: WantedImage, documents: Documents, layers: Collection[str]) -> bool:
    try:
        find_config(wanted, documents)
    except Refused:
        return False
    return all(diff_id in layers for diff_id in wanted.diff_ids)
