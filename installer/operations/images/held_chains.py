"""Which layers an engine holds, each with all that it stands on: what a delta may leave out."""

from installer.bundle.images.chains import all_chains
from installer.system.docker.docker import Engine


def held_chains(engine: Engine) -> frozenset[str]:
    """The chain IDs of the engine's images.

    containerd's store may list an image whose layers are not there: it counts only if a container can be
    made of it.
    """
    trusted = engine.version().classic_store
    images = (image for image in engine.images() if trusted or engine.is_usable(image.id))
    return all_chains(image.diff_ids for image in images)
