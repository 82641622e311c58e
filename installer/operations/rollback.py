"""Goes back on request: undoes the newest run of this directory that did not end well."""

from collections.abc import Iterator
from pathlib import Path

from installer.console import Console
from installer.errors import Refused
from installer.operations.change import Change
from installer.operations.go_back import go_back
from installer.operations.import_plan import ImportPlan
from installer.operations.import_plan_file import load_plan
from installer.operations.import_steps import discarded_folder, import_steps
from installer.operations.receipt import write_receipt
from installer.operations.unfinished import unfinished_run
from installer.site.paths import runs_folder
from installer.site.site import Site
from installer.system.docker import Engine, site_name
from installer.text import _
from installer.workflow.journal import Journal
from installer.workflow.lock import site_lock


def roll_back(release: Path, console: Console, *, health_seconds: float) -> None:
    """Undo what a cut-off or stuck import left in `release`, after asking.

    What the new release wrote is set aside, not removed. Raises `Refused` when there is nothing to undo, when
    another release has taken over since, or when the person does not agree.
    """
    engine = Engine.connect()
    with site_lock(site_name(engine, Site(release, console).manifest().application.project), "rollback"):
        journal = _unfinished(release)
        change = Change(load_plan(journal.plan()), engine, console, health_seconds, keeps_discarded=True)
        _refuse_another_release(change)
        _ask(change.plan, console)
        go_back(import_steps(change), journal, console, _("the import was cut off"))
        write_receipt(change, journal)
    console.say(_("Everything is back as it was before the import."))


def _unfinished(release: Path) -> Journal:
    journal = unfinished_run(release)
    if journal is None:
        raise Refused(
            _("There is no unfinished import in this directory."),
            details=[_("Looked in: {path}", path=runs_folder(release))],
            hint=_("Run this in the directory of the release whose import failed."),
        )
    return journal


def _refuse_another_release(change: Change) -> None:
    """Containers of a third directory belong to a release that was taken into operation later."""
    plan = change.plan
    ours = {plan.release, plan.previous.directory} if plan.previous else {plan.release}
    others = {str(c.working_dir) for c in change.containers() if c.working_dir not in (None, *ours)}
    if others:
        raise Refused(
            _("Another release is in operation by now; going back would take it down."),
            details=sorted(others),
            hint=_("If that is meant, go to that directory and type: docker compose down"),
        )


def _ask(plan: ImportPlan, console: Console) -> None:
    for line in _consequences(plan):
        console.say(line)
    if not console.confirm(_("Go back?"), default=False):
        raise Refused(
            _("Not confirmed: nothing was changed."),
            hint=_("To go back without being asked: ./airlock rollback --yes"),
        )


def _consequences(plan: ImportPlan) -> Iterator[str]:
    if plan.previous is not None:
        version, directory = plan.previous.version or _("(version unknown)"), plan.previous.directory
        yield _("This goes back to {version} in {directory}.", version=version, directory=directory)
    else:
        yield _("This takes down {version}, which was the first release here.", version=plan.version)
    yield _("What {version} wrote is set aside in {path}.", version=plan.version, path=discarded_folder(plan))
    if plan.created_volumes:
        yield _("These volumes go with all that is in them: {names}", names=", ".join(plan.created_volumes))
