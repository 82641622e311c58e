"""Holds what every step of a restore needs: its plan, its journal, and the site."""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.database.door.prepared_restore import PreparedRestore
from installer.database.door.running_database import Database
from installer.operations.plan.restore_plan import PlannedRestore, RestorePlan, back_up_step, replace_step
from installer.operations.release_directory import Site
from installer.screen.console import Console
from installer.workflow.journal import Journal


@dataclass(frozen=True)
class DatabaseRestoration:
    """Describes the part of a restore that is about one database.

    `label` tells it from the others of the restore; it is empty for the only one. `prepared` is None where
    nothing is loaded any more. `is_touched`: an earlier attempt may have changed the content.
    """

    plan: PlannedRestore
    label: str
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
    def back_up_step(self) -> str:
        """Returns the name of the step that backs up the current content."""
        return back_up_step(self.label)

    @property
    def replace_step(self) -> str:
        """Returns the name of the step that replaces the content."""
        return replace_step(self.label)

    @property
    def is_replaced(self) -> bool:
        """Returns whether the new content was loaded and compared; since then, users may have changed it."""
        return self.journal.has_finished(self.replace_step)

    @property
    def has_safety_backup(self) -> bool:
        """Returns whether the content as it was before is in a complete backup."""
        return self.plan.has_safety_backup(self.site.release)

    def may_be_touched(self) -> bool:
        """Returns whether the run has begun to change the content and was not undone since."""
        return self.replace_step in self.journal.begun()

    def running_database(self) -> Database:
        """Returns the database; starts it if a crash has stopped it."""
        return self.site.started_database(self.plan.service or None, self.deadline_seconds)


@dataclass(frozen=True)
class Restoration:
    """Describes a restore that runs, goes on or goes back, of one database or of several together."""

    plan: RestorePlan
    journal: Journal
    site: Site
    deadline_seconds: float
    databases: tuple[DatabaseRestoration, ...]

    @property
    def console(self) -> Console:
        """Returns the console of the command."""
        return self.site.console

    @property
    def names(self) -> str:
        """Returns the names of the backups, as a person passes them to `restore`."""
        return self.plan.names(self.site.release)

    @property
    def is_replaced(self) -> bool:
        """Returns whether the new content of every database was loaded and compared."""
        return all(one.is_replaced for one in self.databases)

    @property
    def touched(self) -> tuple[DatabaseRestoration, ...]:
        """Returns the databases whose content the run has begun to change, unless that was undone."""
        return tuple(one for one in self.databases if one.may_be_touched())

    @property
    def has_way_back(self) -> bool:
        """Returns whether all content that may be changed is in a safety backup."""
        return all(one.has_safety_backup for one in self.touched)


def restoration_of(
    plan: RestorePlan,
    journal: Journal,
    site: Site,
    deadline_seconds: float,
    prepared: Sequence[PreparedRestore | None] = (),
) -> Restoration:
    """Returns the restore of a plan, as far as its journal says it is; `prepared` are those of its databases.

    Without them nothing can be loaded but safety backups.
    """
    touched = journal.begun()
    parts = tuple(
        DatabaseRestoration(
            one,
            plan.label_of(one),
            journal,
            site,
            deadline_seconds,
            is_touched=replace_step(plan.label_of(one)) in touched,
            prepared=ready,
        )
        for one, ready in zip(plan.databases, prepared or [None] * len(plan.databases), strict=True)
    )
    return Restoration(plan, journal, site, deadline_seconds, parts)
