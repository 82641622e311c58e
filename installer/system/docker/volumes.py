"""Volumes as an engine knows them, read out of its JSON into frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Volume:
    """One volume. `folder` is where its files are on the engine's machine, so its driver says.

    With `options` the local driver mounts something else there while a container uses it.
    """

    name: str
    driver: str
    folder: Path
    labels: Mapping[str, str]
    options: Mapping[str, str]

    @property
    def is_plain_folder(self) -> bool:
        """Whether its files are in `folder` also while nobody uses it."""
        return self.driver == "local" and not self.options


def parse_volume(raw: Mapping[str, Any]) -> Volume:
    """The volume out of the engine's `GET /volumes/{name}`."""
    return Volume(
        name=raw["Name"],
        driver=raw["Driver"],
        folder=Path(raw["Mountpoint"]),
        labels=raw.get("Labels") or {},
        options=raw.get("Options") or {},
    )
