"""Parses volumes from the engine's JSON into frozen values."""

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
