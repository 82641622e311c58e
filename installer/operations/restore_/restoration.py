"""Holds what every step of a restore needs: its plan, its journal, and the site."""

from dataclasses import dataclass

from installer.database.door.prepared_restore import PreparedRestore
from installer.database.door.running_database import Database
from installer.operations.plan.restore_plan import REPLACE, RestorePlan
from installer.operations.release_directory import Site
from installer.screen.console import Console
from installer.workflow.journal import Journal


@dataclass(frozen=True)
class Restoration:
    """Describes a restore that runs, goes on or goes back.

    `is_touched`: an earlier attempt may have changed the content of the database. `prepared` is None where
    nothing is loaded any more.
    """

    plan: RestorePlan
    journal: Journal
    site: Site
    deadline_seconds: float
    is_touched: bool
    prepared: PreparedRestore | None

    @property
    def console(self) -> Console:
        """Returns the console of the command."""
        return self.site.console

    @property
    def is_replaced(self) -> bool:
        """Returns whether the new content was loaded and compared; since then, users may have changed it."""
        return self.journal.has_finished(REPLACE)

    @property
    def has_safety_backup(self) -> bool:
        """Returns whether the content as it was before is in a complete backup."""
        return self.plan.has_safety_backup(self.site.release)

    def running_database(self) -> Database:
        """Returns the database; starts it if a crash has stopped it."""
        return self.site.started_database(self.plan.service or None, self.deadline_seconds)


def may_be_touched(journal: Journal) -> bool:
    """Returns whether the run has begun to change the content of the database and was not undone since."""
    return REPLACE in journal.begun()
