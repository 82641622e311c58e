"""The rehearsal as a step of an import: whether it takes place, and what its result means."""

from typing import Literal

from installer.console import Console
from installer.operations.import_plan import Situation
from installer.operations.migration.pending import pending_migrations
from installer.operations.preflight.old_database import old_database
from installer.operations.rehearsal.refusal import refuse_failure
from installer.operations.rehearsal.rehearse import rehearse
from installer.operations.rehearsal.report import fits, show_rehearsal
from installer.operations.rehearsal.room import CannotRehearse
from installer.system.docker import Engine
from installer.text import _

RehearseMode = Literal["auto", "always", "never"]


def rehearse_before_import(mode: RehearseMode, situation: Situation, engine: Engine, console: Console) -> str:
    """Rehearse where there is something to rehearse; the step's result in words.

    Raises `Refused` when a migration fails on the copy, and, with the mode "always", `CannotRehearse`.
    """
    live = old_database(situation)
    reason = "--rehearse never" if mode == "never" else _nothing_to_rehearse(situation)
    if reason or live is None:
        return _("left out: {reason}", reason=reason)
    try:
        rehearsed = rehearse(situation, live, engine, console)
    except CannotRehearse as obstacle:
        if mode == "always":
            raise
        console.warn(obstacle.happened)
        for line in obstacle.details:
            console.say(f"  {line}")
        return _("left out: it is not known whether the migrations fit the data")
    show_rehearsal(rehearsed, console, whole_diff=False)
    refuse_failure(rehearsed.rehearsal)
    return fits(rehearsed.rehearsal)


def _nothing_to_rehearse(situation: Situation) -> str:
    if not situation.manifest.migrations:
        return _("no migrations in the package")
    if old_database(situation) is None:
        return _("there is no database yet")
    return "" if pending_migrations(situation) else _("no migrations are pending")
