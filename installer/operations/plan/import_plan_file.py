"""Writes the plan of an import as bytes and reads it back: `plan.json` of a run, for an undo after a crash.

The file holds the paths at the time of the import. The reader passes the current place of the plan: paths in
one of the two directories are moved to where that directory is now.
"""

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from installer.operations.plan.import_plan import (
    CarriedState,
    ImportPlan,
    PlannedDatabase,
    Previous,
    Snapshot,
    StateMode,
)
from installer.operations.plan.moved_plan import plan_in
from installer.operations.plan.planned_conversion import parse_conversion
from installer.operations.plan.planned_outage import parse_outage
from installer.operations.plan.previous_place import place_of_previous
from installer.site.directory_mark import DirectoryMark
from installer.site.running.installation import VersionSource


def dump_plan(plan: ImportPlan) -> bytes:
    """Returns the plan as JSON; `parse_plan(dump_plan(plan)) == plan`."""
    return (
        json.dumps(dataclasses.asdict(plan), default=str, indent=2, ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
        + b"\n"
    )


def load_plan(raw: bytes, release: Path) -> ImportPlan:
    """Reads the plan found in the directory `release`, with every path where it is now.

    Keeps the old directory's recorded place if it is not found.
    """
    recorded = parse_plan(raw)
    return plan_in(recorded, release, place_of_previous(recorded, release))


def parse_plan(raw: bytes) -> ImportPlan:
    """Reads a plan that `dump_plan` wrote, perhaps in a version that knew one database only."""
    fields = json.loads(raw)
    return ImportPlan(
        started_at=datetime.fromisoformat(fields["started_at"]),
        release=Path(fields["release"]),
        version=fields["version"],
        project=fields["project"],
        previous=_previous(fields["previous"]) if fields["previous"] else None,
        settings=tuple(fields["settings"]),
        state_mode=cast(StateMode, fields["state_mode"]),
        state=tuple(_state(item, fields) for item in fields["state"]),
        created_paths=tuple(Path(path) for path in fields["created_paths"]),
        created_volumes=tuple(fields["created_volumes"]),
        emptied_paths=tuple(Path(path) for path in fields["emptied_paths"]),
        references_before=_pairs(fields["references_before"]),
        databases=_databases(fields),
        rehearsal=fields["rehearsal"],
        kept=tuple(fields.get("kept", ())),
        overrides=tuple(fields.get("overrides", ())),
        outage=parse_outage(fields.get("outage")),
    )


def _previous(fields: dict[str, object]) -> Previous:
    return Previous(
        directory=Path(str(fields["directory"])),
        files=tuple(cast("list[str]", fields["files"])),
        env_file=Path(str(fields["env_file"])) if fields["env_file"] else None,
        version=cast("str | None", fields["version"]),
        running_services=tuple(cast("list[str]", fields["running_services"])),
        healthy_services=tuple(cast("list[str]", fields["healthy_services"])),
        images=_pairs(fields["images"]),
        version_source=cast(VersionSource, fields.get("version_source", "release")),
        mark=_mark(cast("dict[str, object] | None", fields.get("mark"))),
        trouble=_pairs(fields.get("trouble", ())),
        ended_services=tuple(cast("list[str]", fields.get("ended_services", ()))),
        smoke_problem=cast("str | None", fields.get("smoke_problem")),
    )


def _mark(fields: dict[str, object] | None) -> DirectoryMark | None:
    return DirectoryMark(cast(int, fields["inode"]), _pairs(fields["digests"])) if fields else None


def _pairs(field: object) -> tuple[tuple[str, str], ...]:
    return tuple((reference, image_id) for reference, image_id in cast("list[tuple[str, str]]", field))


def _databases(fields: dict[str, Any]) -> tuple[PlannedDatabase, ...]:
    if "databases" in fields:
        return tuple(_database(item) for item in fields["databases"])
    only = {"service": fields["database"], "pending": (), **fields}
    return (_database(only),) if fields["database"] else ()


def _database(fields: dict[str, Any]) -> PlannedDatabase:
    snapshot = _snapshot(fields["snapshot"]) if fields["snapshot"] else None
    conversion = parse_conversion(fields.get("conversion"))
    kept_files = Path(fields["kept_files"]) if fields.get("kept_files") else None
    return PlannedDatabase(fields["service"], snapshot, tuple(fields["pending"]), conversion, kept_files)


def _state(fields: dict[str, Any], plan: dict[str, Any]) -> CarriedState:
    of_one = (plan.get("database"),) if fields.get("is_database") else ()
    return CarriedState(
        source=Path(str(fields["source"])),
        target=Path(str(fields["target"])),
        databases=tuple(fields.get("databases", of_one)),
        is_copied=bool(fields["is_copied"]),
    )


def _snapshot(fields: dict[str, object]) -> Snapshot:
    return Snapshot(
        live=Path(str(fields["live"])),
        holder=Path(str(fields["holder"])),
        volume=cast("str | None", fields["volume"]),
    )
