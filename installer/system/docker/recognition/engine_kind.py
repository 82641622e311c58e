"""Parses what sets an engine apart from one that root runs on this machine with all its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from installer.system.docker.recognition.spoken_api import ANY_API

SNAP = "/var/snap/"
ROOTLESS, USERNS = "name=rootless", "name=userns"


@dataclass(frozen=True)
class EngineKind:
    """How an engine runs. `kernel` is the release of the kernel below it.

    `shifts_owners`: it maps the users of containers to others. `oldest_api` is the oldest that it accepts.
    """

    is_snap: bool
    is_rootless: bool
    shifts_owners: bool
    kernel: str
    oldest_api: str


def parse_kind(version: Mapping[str, Any], facts: Mapping[str, Any]) -> EngineKind:
    """Parses the engine's `GET /version` and `GET /info`."""
    options = frozenset(facts.get("SecurityOptions") or ())
    return EngineKind(
        is_snap=str(facts["DockerRootDir"]).startswith(SNAP),
        is_rootless=ROOTLESS in options,
        shifts_owners=not options.isdisjoint((ROOTLESS, USERNS)),
        kernel=str(facts["KernelVersion"]),
        oldest_api=str(version.get("MinAPIVersion") or ANY_API),
    )
