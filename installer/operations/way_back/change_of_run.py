"""Finds the plan of a run again, with every path where it is now, for its undo or for going on."""

from collections.abc import Set
from pathlib import Path

from installer.errors import Refused
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.plan.import_plan_file import parse_plan
from installer.operations.plan.moved_plan import plan_in
from installer.operations.plan.previous_place import find_previous
from installer.operations.services.change_context import Change
from installer.operations.services.leftover_containers import directories_in_operation
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.text import _
from installer.workflow.journal import Journal


def change_of_run(
    journal: Journal,
    release: Path,
    engine: Engine,
    console: Console,
    health_seconds: float,
    *,
    sets_aside: bool = False,
    previous: Path | None = None,
) -> Change:
    """Returns the change that the run describes. Raises `Refused` if a third release is in operation.

    Finds the directory of the old release where it was renamed, unless it is given as `previous`.
    """
    recorded = parse_plan(journal.plan())
    plan = plan_in(recorded, release, find_previous(recorded, release, previous))
    change = Change(plan, engine, console, health_seconds, sets_aside=sets_aside)
    if journal.end() != "done":
        _refuse_third_release(change, recorded)
    return change


def _refuse_third_release(change: Change, recorded: ImportPlan) -> None:
    """Refuses if containers belong to a third directory: a release that was imported later."""
    ours = {place for plan in (change.plan, recorded) for place in _directories(plan)}
    refuse_another(directories_in_operation(change.containers(), change.new, ours))


def _directories(plan: ImportPlan) -> tuple[Path, ...]:
    return (plan.release, plan.previous.directory) if plan.previous else (plan.release,)


def refuse_another(directories: Set[Path]) -> None:
    """Refuses if there are any directories of other releases in operation."""
    if directories:
        raise Refused(
            _("Another release is in operation now; a rollback would take it down."),
            details=sorted(map(str, directories)),
            hint=_("Roll that release back first. In its directory, run: ./airlock rollback"),
        )
