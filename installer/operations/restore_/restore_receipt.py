"""Writes the receipt of a restore for the change record: steps, times, digests. Holds no secrets."""

import json

from installer.errors import AirlockError
from installer.operations.plan.restore_plan import PlannedRestore
from installer.operations.restore_.restoration import Restoration
from installer.operations.services.run_receipt import RECEIPT
from installer.system.files.files import write_atomically
from installer.text import _


def write_restore_receipt(run: Restoration, end: str | None) -> None:
    """Writes `receipt.json` to the run's folder, with the `end` of the run. Only warns if it cannot."""
    try:
        content = json.dumps(_receipt(run, end), indent=2, ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
        write_atomically(run.journal.folder / RECEIPT, content + b"\n", mode=0o644)
    except OSError as obstacle:
        run.console.warn(_("The receipt cannot be written: {problem}", problem=obstacle.strerror))
    except AirlockError as obstacle:
        run.console.warn(_("The receipt cannot be written: {problem}", problem=obstacle.happened))


def _receipt(run: Restoration, end: str | None) -> dict[str, object]:
    application, events = run.site.manifest().application, run.journal.events()
    return {
        "application": application.name,
        "version": application.version,
        "directory": str(run.site.release),
        "run": run.journal.facts(),
        "end": end,
        "events": [{"at": event.at, "what": event.what, "name": event.name} for event in events],
        "databases": [_database(one.plan, run) for one in run.databases],
    }


def _database(planned: PlannedRestore, run: Restoration) -> dict[str, object]:
    safety = planned.safety_path(run.site.release)
    return {
        "service": planned.service or None,
        "database": planned.database,
        "backup": str(planned.backup_path(run.site.release)),
        "sha256": planned.sha256,
        "safety_backup": str(safety) if safety and planned.has_safety_backup(run.site.release) else None,
    }
