"""Finds out what an engine sees at paths of this machine, without running a program.

Creates a container from an empty image, but never starts it: the engine mounts its volumes and reports on a
path in it. https://docs.docker.com/reference/api/engine/version/v1.41/#operation/ContainerArchiveInfo
"""

import base64
import io
import json
import re
import stat
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from installer.system.docker.connection import translated
from installer.system.engine_problems import EngineProblem
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient

Kind = Literal["folder", "file", "other"]
STAT_HEADER = "X-Docker-Container-Path-Stat"
BAD_REQUEST, GONE = 400, 404
MOMENT = re.compile(r"(?P<second>[^.Z+]+?)(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:\d\d)")
DIRECTORY, SETUID, SETGID, STICKY = 1 << 31, 1 << 23, 1 << 22, 1 << 20  # of Go's os.FileMode
OTHER_KINDS = 1 << 27 | 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19
SPECIAL_BITS = ((SETUID, stat.S_ISUID), (SETGID, stat.S_ISGID), (STICKY, stat.S_ISVTX))


@dataclass(frozen=True)
class PathFacts:
    """The engine's report on a file or folder. `mode` has the twelve bits that chmod sets."""

    kind: Kind
    mode: int
    size_bytes: int
    modified_ns: int


class NotThere(EngineProblem):
    """The engine finds nothing at one of the places."""


class PathInspector:
    """Inspects `places`, by number, as the engine sees them. Raises `NotThere` if one is missing."""

    def __init__(
        self, client: "APIClient", image: str, places: Sequence[Path], labels: Mapping[str, str]
    ) -> None:
        from docker.errors import APIError

        self._client = client
        with translated(_("create a container to inspect paths")):
            try:
                self._container = _container(client, image, places, labels)
            except APIError as refused:
                if refused.status_code == BAD_REQUEST:
                    raise NotThere(str(refused.explanation)) from refused
                raise

    def facts(self, number: int, inside: str = "") -> PathFacts | None:
        """Returns the facts of the place with this number, or of a path `inside` it; None if missing."""
        path = f"/{number}/{inside}" if inside else f"/{number}"
        with translated(_("look up the path {path}", path=path)):
            answer = self._client.head(
                f"{self._client.base_url}/v{self._client.api_version}/containers/{self._container}/archive",
                params={"path": path},
            )
            if answer.status_code == GONE:
                return None
            answer.raise_for_status()
        return parse_facts(answer.headers[STAT_HEADER])


def empty_image(client: "APIClient", labels: Mapping[str, str]) -> str:
    """Creates an empty image with labels and without a name; returns its ID."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w"):
        pass
    changes = [f"LABEL {name}={value}" for name, value in labels.items()]
    with translated(_("create an empty image")):
        told = str(client.import_image_from_data(content.getvalue(), changes=changes))
    return str(json.loads(told.splitlines()[-1])["status"])


def facts_of(path: Path) -> PathFacts:
    """Returns the facts of `path` as this program sees it, with links followed."""
    seen = path.stat()
    kind: Kind = "folder" if stat.S_ISDIR(seen.st_mode) else "file" if stat.S_ISREG(seen.st_mode) else "other"
    return PathFacts(kind, stat.S_IMODE(seen.st_mode), seen.st_size, seen.st_mtime_ns)


def parse_facts(header: str) -> PathFacts:
    """Parses the engine's report on a path: JSON in base64."""
    said: Mapping[str, Any] = json.loads(base64.b64decode(header))
    mode = int(said["mode"])
    kind: Kind = "folder" if mode & DIRECTORY else "other" if mode & OTHER_KINDS else "file"
    special = sum(ours for theirs, ours in SPECIAL_BITS if mode & theirs)
    return PathFacts(kind, mode & 0o777 | special, int(said["size"]), _nanoseconds(said["mtime"]))


def _container(client: "APIClient", image: str, places: Sequence[Path], labels: Mapping[str, str]) -> str:
    from docker.types import Mount as EngineMount

    mounts = [
        EngineMount(f"/{number}", str(place), type="bind", read_only=True)
        for number, place in enumerate(places)
    ]
    made: Mapping[str, Any] = client.create_container(
        image,
        command=["true"],
        labels=dict(labels),
        host_config=client.create_host_config(mounts=mounts, network_mode="none"),
    )
    return str(made["Id"])


def _nanoseconds(moment: str) -> int:
    """Parses a time written by Go, in the engine's time zone, with up to nine digits after the second."""
    found = MOMENT.fullmatch(moment)
    if found is None:
        raise ValueError(moment)
    zone = found["zone"].replace("Z", "+00:00")
    seconds = int(datetime.fromisoformat(found["second"] + zone).timestamp())
    return seconds * 10**9 + int((found["fraction"] or "").ljust(9, "0"))
