"""Parses volumes from the engine's JSON into frozen values, and names the folder where they lie."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Volume:
    """A volume. `folder` is the path of its files on the engine's machine, as reported by its driver.

    With `options`, the local driver mounts something else there while a container uses it.
    """

    name: str
    driver: str
    folder: Path
    labels: Mapping[str, str]
    options: Mapping[str, str]

    @property
    def is_plain_folder(self) -> bool:
        """Returns whether its files are in `folder` even while no container uses it."""
        return self.driver == "local" and not self.options


def parse_volume(raw: Mapping[str, Any]) -> Volume:
    """Parses a volume from the engine's `GET /volumes/{name}`."""
    return Volume(
        name=raw["Name"],
        driver=raw["Driver"],
        folder=Path(raw["Mountpoint"]),
        labels=raw.get("Labels") or {},
        options=raw.get("Options") or {},
    )


def folder_of_volumes(data_root: Path) -> Path:
    """Returns the folder of the volumes, which may be a filesystem of its own; only root can read it.

    Without root's rights, returns the engine's data root.
    """
    volumes = data_root / "volumes"
    return volumes if os.access(volumes, os.F_OK) else data_root
