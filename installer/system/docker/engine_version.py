"""Parses versions, platform and storage of an engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installer.system.docker.held_images import platform_of

CONTAINERD_STORE = ["driver-type", "io.containerd.snapshotter.v1"]


@dataclass(frozen=True)
class EngineVersion:
    """An engine's version. `architecture` is as in images ("amd64"), `data_root` a path on its machine.

    `classic_store`: image IDs are the digests of configurations (see `held_images.holding`).
    """

    version: str
    api: str
    os: str
    architecture: str
    data_root: Path
    storage_driver: str
    classic_store: bool

    @property
    def platform(self) -> str:
        """Returns the platform of images that run here without emulation, such as "linux/amd64"."""
        return platform_of(self.os, self.architecture)


def parse_version(version: Mapping[str, Any], facts: Mapping[str, Any]) -> EngineVersion:
    """Parses the engine's `GET /version` and `GET /info`."""
    return EngineVersion(
        version=version["Version"],
        api=version["ApiVersion"],
        os=version["Os"],
        architecture=version["Arch"],
        data_root=Path(facts["DockerRootDir"]),
        storage_driver=facts["Driver"],
        classic_store=CONTAINERD_STORE not in (facts.get("DriverStatus") or []),
    )
