"""Goes back on request: undoes the newest run of this directory that did not end well."""

from pathlib import Path

from installer.console import Console
from installer.errors import Refused
from installer.operations.change import Change
from installer.operations.go_back import go_back
from installer.operations.import_plan_file import load_plan
from installer.operations.import_steps import import_steps
from installer.operations.receipt import write_receipt
from installer.site.paths import runs_folder
from installer.system.docker import Engine, site_name
from installer.text import _
from installer.workflow.journal import Journal, runs_in
from installer.workflow.lock import site_lock


def roll_back(release: Path, console: Console, *, health_seconds: float) -> None:
    """Undo what a cut-off or stuck import left in `release`. Raises `Refused` when there is nothing."""
    journal = _unfinished(release)
    plan = load_plan(journal.plan())
    engine = Engine.connect()
    change = Change(plan, engine, console, health_seconds)
    with site_lock(site_name(engine, change.manifest.application.project), "rollback"):
        go_back(import_steps(change), journal, console, _("the import was cut off"))
        write_receipt(change, journal)
    console.say(_("What was before the import is back as it was."))


def _unfinished(release: Path) -> Journal:
    journal = next(runs_in(runs_folder(release)), None)
    if journal is None or journal.end() not in (None, "stuck"):
        raise Refused(
            _("There is no unfinished import in this directory."),
            details=[_("Looked in: {path}", path=runs_folder(release))],
            hint=_("Run this in the directory of the release whose import failed."),
        )
    return journal
