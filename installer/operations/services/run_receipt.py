"""Writes the receipt of a run for the change record: steps, times, digests. Holds no secrets."""

import json

from installer.bundle.manifest.manifest import Manifest
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.services.change_context import Change
from installer.site.paths import runs_folder
from installer.system.files.files import write_atomically
from installer.text import _
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
    }
    content = json.dumps(receipt, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    try:
        write_atomically(runs_folder(plan.release) / plan.run_name / RECEIPT, content, mode=0o644)
    except OSError as obstacle:
        change.console.warn(_("The receipt cannot be written: {problem}", problem=obstacle.strerror))


def _database(planned: PlannedDatabase, plan: ImportPlan, manifest: Manifest) -> dict[str, object]:
    described = (one.migrations for one in manifest.databases if one.service == planned.service)
    return {
        "service": planned.service,
        "backup": str(plan.backup_path(planned)) if plan.has_backup(planned) else None,
        "migrations": {migration.name: migration.sha256 for each in described for migration in each},
    }
