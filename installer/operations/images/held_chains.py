"""Finds the layers that an engine holds, each with all layers below it: a delta may leave them out."""

from installer.bundle.images.chains import all_chains
from installer.system.docker.docker import Engine


def held_chains(engine: Engine) -> frozenset[str]:
    """Returns the chain IDs of the engine's images.

    containerd's store may list an image whose layers are missing: it counts only if a container can be
    created from it.
    """
    trusted = engine.version().classic_store
    images = (image for image in engine.images() if trusted or engine.is_usable(image.id))
    return all_chains(image.diff_ids for image in images)
