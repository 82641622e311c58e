"""Writes the receipt of a run for the change record: steps, times, digests. Holds no secrets."""

import dataclasses
import json

from installer.bundle.manifest.manifest import Manifest
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.plan.step_names import START_SERVICES, STOP_SERVICES
from installer.operations.services.change_context import Change
from installer.site.paths import runs_folder
from installer.site.starting.health import SETTLE_SECONDS
from installer.system.files.files import write_atomically
from installer.text import _
from installer.workflow.durations import seconds_between
from installer.workflow.journal import Journal

RECEIPT = "receipt.json"


def write_receipt(change: Change, journal: Journal) -> None:
    """Writes `receipt.json` to the run's folder. Only warns if it cannot be written."""
    plan, manifest = change.plan, change.manifest
    receipt = {
        "application": manifest.application.name,
        "version": plan.version,
        "previous_version": plan.previous.version if plan.previous else None,
        "directory": str(plan.release),
        "previous_directory": str(plan.previous.directory) if plan.previous else None,
        "run": journal.facts(),
        "end": journal.end(),
        "events": [{"at": event.at, "what": event.what, "name": event.name} for event in journal.events()],
        "databases": [_database(one, plan, manifest) for one in plan.databases],
        "images": {image.reference: image.id for image in manifest.images},
        "files": {file.path: file.sha256 for file in manifest.files},
        "rehearsal": plan.rehearsal or None,
        "outage": {
            "estimated": dataclasses.asdict(plan.outage) if plan.outage is not None else None,
            "seconds": _outage_seconds(plan, journal),
        },
    }
    content = json.dumps(receipt, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    try:
        write_atomically(runs_folder(plan.release) / plan.run_name / RECEIPT, content, mode=0o644)
    except OSError as obstacle:
        change.console.warn(_("The receipt cannot be written: {problem}", problem=obstacle.strerror))


def _outage_seconds(plan: ImportPlan, journal: Journal) -> float | None:
    """Returns how long no release served, for people; None if none did before, or does now."""
    whole = seconds_between(journal.events(), STOP_SERVICES, START_SERVICES)
    is_upgrade = plan.previous is not None and bool(plan.previous.running_services)
    return round(max(0.0, whole - SETTLE_SECONDS), 1) if whole is not None and is_upgrade else None


def _database(planned: PlannedDatabase, plan: ImportPlan, manifest: Manifest) -> dict[str, object]:
    described = (one.migrations for one in manifest.databases if one.service == planned.service)
    return {
        "service": planned.service,
        "backup": str(plan.backup_path(planned)) if plan.has_backup(planned) else None,
        "migrations": {migration.name: migration.sha256 for each in described for migration in each},
    }
