"""Keeps the last drill of each backup, in one small file of the release directory.

A drill belongs to a dump by the digest of its file, wherever the dump lies and whatever its name.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from installer.database.records.backup_record import Backup
from installer.site.paths import drills_path
from installer.system.files.files import writable, write_atomically

FORMAT = 1
RESTORED, COUNTED, FAILED = "restored", "counted", "failed"


@dataclass(frozen=True)
class Drill:
    """Describes one drill: when (ISO 8601 in UTC), by which Airlock, of which file, and its outcome.

    `result` is "restored" (compared exactly), "counted" (only names and numbers of rows, as the server has
    another version) or "failed". `seconds` and `server_version` are those of `Drilled`.
    """

    at: str
    by: str
    file: str
    result: str
    seconds: float | None
    server_version: str
    problems: tuple[str, ...]


def record_drill(release: Path, backup: Backup, drill: Drill) -> None:
    """Records the drill as the backup's last one. Raises `Refused` if the file cannot be written."""
    path = drills_path(release)
    document = {"format": FORMAT, "drills": {**_read(path), backup.sha256: asdict(drill)}}
    content = json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass")
    with writable(path):
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, content + b"\n")


def last_drills(release: Path) -> Mapping[str, Drill]:
    """Returns the last drill of each dump by its SHA-256; leaves out what a later version wrote otherwise."""
    known = set(Drill.__dataclass_fields__)
    drills = {}
    for digest, written in _read(drills_path(release)).items():
        if known <= set(written):
            values = {name: written[name] for name in known}
            drills[digest] = Drill(**{**values, "problems": tuple(values["problems"])})
    return drills


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """Returns the drills as written; none where the file is missing or damaged: a drill can be repeated."""
    try:
        drills = json.loads(path.read_bytes())["drills"]
        return {str(digest): dict(drill) for digest, drill in drills.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
