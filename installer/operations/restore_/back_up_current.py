"""Backs up the content that a restore replaces."""

from installer.database.dumps.safety_backup import for_safety
from installer.operations.plan.labels import labelled
from installer.operations.plan.restore_plan import SAFETY_REASON
from installer.operations.restore_.restoration import DatabaseRestoration, Restoration
from installer.site.paths import backups_folder
from installer.text import _
from installer.workflow.step import Step


def back_up_current(run: Restoration, database: DatabaseRestoration) -> Step:
    """Returns the step. It undoes no backup: that stays. Content that may be incomplete is not backed up."""
    return Step(
        database.back_up_step,
        labelled(database.label, _("Back up the current content")),
        do=lambda: _back_up(run, database),
        is_done=lambda: database.has_safety_backup or database.is_touched,
    )


def _back_up(run: Restoration, database: DatabaseRestoration) -> str:
    path = database.plan.safety_path(run.site.release)
    if path is None:
        return _("no safety backup")
    with for_safety(run.names):
        database.running_database().back_up(
            backups_folder(run.site.release),
            reason=SAFETY_REASON,
            now=run.plan.started_at,
            console=run.console,
            leave_out_broken_views=True,
            label=database.plan.service,
        )
    return path.name
