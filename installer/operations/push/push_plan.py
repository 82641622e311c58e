"""Finds out what a registry lacks of the images of a package, and what pushing them would replace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from installer.bundle.images.docker_archive import digest, oci_manifest
from installer.operations.images.supply_blobs import sizes_of
from installer.operations.push.pushed_names import PushedName
from installer.system.registry.registry_session import RegistrySession
from installer.system.registry.repository import Repository

State = Literal["new", "there", "other"]
Open = Callable[[str], Repository]
"""Returns the repository of this name."""


@dataclass(frozen=True)
class PlannedImage:
    """An image to push; `state` tells whether its name is free, is this image, or another one."""

    name: PushedName
    state: State


@dataclass(frozen=True)
class PushPlan:
    """What to push. `configs` are those that the registry has.

    `lacking` names the repositories that lack a blob, by its digest, and `having` those that have it.
    """

    images: tuple[PlannedImage, ...]
    lacking: Mapping[str, tuple[str, ...]]
    having: Mapping[str, tuple[str, ...]]
    configs: Mapping[str, bytes] = field(repr=False)

    @property
    def to_upload(self) -> frozenset[str]:
        """Returns the digests of blobs that none of the repositories has."""
        return frozenset(blob for blob in self.lacking if blob not in self.having)

    @property
    def replaced(self) -> tuple[PushedName, ...]:
        """Returns the names that belong to another image now."""
        return tuple(one.name for one in self.images if one.state == "other")


def open_repositories(session: RegistrySession) -> Open:
    """Returns the function that gives the repositories of a registry."""
    return lambda name: Repository(session, name)


def plan_push(names: Sequence[PushedName], repository: Open) -> PushPlan:
    """Asks the registry for every blob and name of the images. Changes nothing."""
    lacking: dict[str, list[str]] = {}
    having: dict[str, list[str]] = {}
    configs: dict[str, bytes] = {}
    for place, blob, size_bytes in _places(names):
        if size_bytes is None:
            config = repository(place).document(blob)
            configs.update({} if config is None else {blob: config})
            is_there = config is not None
        else:
            is_there = repository(place).has_blob(blob, size_bytes)
        (having if is_there else lacking).setdefault(blob, []).append(place)
    return PushPlan(
        tuple(PlannedImage(one, _state(one, repository(one.repository), configs)) for one in names),
        {blob: tuple(places) for blob, places in lacking.items()},
        {blob: tuple(places) for blob, places in having.items()},
        configs,
    )


def _places(names: Sequence[PushedName]) -> dict[tuple[str, str, int | None], None]:
    """Returns the repository, digest and size of each blob, once; a config has no size."""
    return {
        (one.repository, blob, size_bytes): None
        for one in names
        for blob, size_bytes in sizes_of([one.image]).items()
    }


def _state(name: PushedName, repository: Repository, configs: Mapping[str, bytes]) -> State:
    found = repository.manifest(name.tag)
    if found is None:
        return "new"
    config = configs.get(name.image.id)
    is_same = config is not None and digest(oci_manifest(name.image, config)) == digest(found)
    return "there" if is_same else "other"
