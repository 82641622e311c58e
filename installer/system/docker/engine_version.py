"""What an engine is: versions, platform, storage."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installer.system.docker.held_images import platform_of

CONTAINERD_STORE = ["driver-type", "io.containerd.snapshotter.v1"]


@dataclass(frozen=True)
class EngineVersion:
    """What the engine is. `architecture` as images name it ("amd64"); `data_root` is a path on its machine.

    `classic_store`: image IDs are the digests of configurations (`docker_images.holding`).
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
        """The platform of images that run here without emulation, such as "linux/amd64"."""
        return platform_of(self.os, self.architecture)


def parse_version(version: Mapping[str, Any], facts: Mapping[str, Any]) -> EngineVersion:
    """The engine out of its `GET /version` and `GET /info`."""
    return EngineVersion(
        version=version["Version"],
        api=version["ApiVersion"],
        os=version["Os"],
        architecture=version["Arch"],
        data_root=Path(facts["DockerRootDir"]),
        storage_driver=facts["Driver"],
        classic_store=CONTAINERD_STORE not in (facts.get("DriverStatus") or []),
    )
