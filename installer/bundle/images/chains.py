"""Computes chain IDs, by which an engine identifies its layers: a layer together with all layers below it.

The same layer on top of different layers has different chain IDs, and an engine may hold one and lack the
other. Source: https://github.com/opencontainers/image-spec config.md, "Layer ChainID".
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence


def chain_ids(diff_ids: Sequence[str]) -> tuple[str, ...]:
    """Returns the chain ID of each layer of an image, in the order of the diff IDs: the lowest first."""
    chains: list[str] = []
    for diff_id in diff_ids:
        chains.append(_on_top_of(chains[-1], diff_id) if chains else diff_id)
    return tuple(chains)


def all_chains(images: Iterable[Sequence[str]]) -> frozenset[str]:
    """Returns all chain IDs of images, each given by its diff IDs."""
    return frozenset(chain for diff_ids in images for chain in chain_ids(diff_ids))


def layers_to_leave_out(images: Iterable[Sequence[str]], chains: Collection[str]) -> tuple[str, ...]:
    """Returns the diff IDs that an engine with `chains` needs for none of `images`, in the images' order.

    A layer is needed if any image has it on top of layers that the engine lacks.
    """
    is_needed: dict[str, bool] = {}
    for diff_ids in images:
        for diff_id, chain in zip(diff_ids, chain_ids(diff_ids), strict=True):
            is_needed[diff_id] = is_needed.get(diff_id, False) or chain not in chains
    return tuple(diff_id for diff_id, needed in is_needed.items() if not needed)


def _on_top_of(chain: str, diff_id: str) -> str:
    return f"sha256:{hashlib.sha256(f'{chain} {diff_id}'.encode()).hexdigest()}"
