"""Images as an engine holds them, and whether they are the ones a package promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from installer.bundle.manifest.manifest import Image
from installer.system.docker.containers import environment_of
from installer.system.secret import Secret

Holding = Literal["same", "other", "missing"]


@dataclass(frozen=True)
class ImageDefaults:
    """What a container gets of its image where nobody says otherwise."""

    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    environment: Mapping[str, Secret] = field(default_factory=dict)
    user: str = ""
    working_dir: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredImage:
    """One image of an engine. `id` and `diff_ids` are `sha256:<hex>`; `platform` is "linux/amd64".

    With Docker's classic store `id` is the digest of the image's configuration; with containerd's store it is
    the digest of a manifest and differs for the same content.
    """

    id: str
    tags: tuple[str, ...]
    diff_ids: tuple[str, ...]
    platform: str
    size_bytes: int
    defaults: ImageDefaults = ImageDefaults()


def parse_image(raw: Mapping[str, Any]) -> StoredImage:
    """The image out of the engine's `GET /images/{name}/json`."""
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
    )


def platform_of(os: str, architecture: str, variant: str = "") -> str:
    """The platform as images name it; "v8" of arm64 goes without saying."""
    if not variant or (architecture, variant) == ("arm64", "v8"):
        return f"{os}/{architecture}"
    return f"{os}/{architecture}/{variant}"


def holding(stored: StoredImage | None, promised: Image, *, id_is_configuration: bool) -> Holding:
    """Whether what an engine holds under a reference is the image a package promises.

    `id_is_configuration`: the engine's image IDs are configuration digests (`EngineVersion.classic_store`).
    Where they are not, equal layers and platform are all that can be compared.
    """
    if stored is None:
        return "missing"
    if id_is_configuration and stored.id != promised.id:
        return "other"
    layers = promised.diff_ids
    return "same" if (stored.diff_ids, stored.platform) == (layers, promised.platform) else "other"
