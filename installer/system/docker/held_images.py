"""Parses the images of an engine, and compares them with those of a package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from installer.bundle.manifest.manifest import Image
from installer.system.docker.containers import environment_of
from installer.system.secret import Secret

Holding = Literal["same", "other", "missing"]


@dataclass(frozen=True)
class ImageDefaults:
    """The defaults that a container gets from its image; `volumes` are the places of anonymous ones."""

    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    environment: Mapping[str, Secret] = field(default_factory=dict)
    user: str = ""
    working_dir: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoredImage:
    """An image of an engine. `id` and `diff_ids` are `sha256:<hex>`; `platform` is "linux/amd64".

    With Docker's classic store, `id` is the digest of the image's configuration; with containerd's store, it
    is the digest of a manifest and may differ for the same content.
    """

    id: str
    tags: tuple[str, ...]
    diff_ids: tuple[str, ...]
    platform: str
    size_bytes: int
    defaults: ImageDefaults = ImageDefaults()


def parse_image(raw: Mapping[str, Any]) -> StoredImage:
    """Parses an image from the engine's `GET /images/{name}/json`."""
    return StoredImage(
        id=raw["Id"],
        tags=tuple(sorted(raw.get("RepoTags") or ())),
        diff_ids=tuple((raw.get("RootFS") or {}).get("Layers") or ()),
        platform=platform_of(raw["Os"], raw["Architecture"], raw.get("Variant") or ""),
        size_bytes=int(raw.get("Size") or 0),
        defaults=_defaults(raw.get("Config") or {}),
    )


def _defaults(raw: Mapping[str, Any]) -> ImageDefaults:
    return ImageDefaults(
        command=tuple(raw.get("Cmd") or ()),
        entrypoint=tuple(raw.get("Entrypoint") or ()),
        environment=environment_of(raw.get("Env") or ()),
        user=raw.get("User") or "",
        working_dir=raw.get("WorkingDir") or "",
        labels=raw.get("Labels") or {},
        volumes=tuple(sorted(raw.get("Volumes") or ())),
    )


def platform_of(os: str, architecture: str, variant: str = "") -> str:
    """Returns the platform as images name it; "v8" is omitted for arm64."""
    if not variant or (architecture, variant) == ("arm64", "v8"):
        return f"{os}/{architecture}"
    return f"{os}/{architecture}/{variant}"


def holding(stored: StoredImage | None, promised: Image, *, id_is_configuration: bool) -> Holding:
    """Compares the engine's image under a reference with the image that a package promises.

    `id_is_configuration`: the engine's image IDs are configuration digests (`EngineVersion.classic_store`).
    Otherwise, only layers and platform are compared, and `Engine.has_config` compares the rest.
    """
    if stored is None:
        return "missing"
    if id_is_configuration and stored.id != promised.id:
        return "other"
    layers = promised.diff_ids
    return "same" if (stored.diff_ids, stored.platform) == (layers, promised.platform) else "other"
