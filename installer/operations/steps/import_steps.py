"""Defines the row of steps that change this host in an import: 6 to 12, and three without their own line.

Each step's module holds everything about it: how to do it, to undo it, and to see that it is done.
"""

from installer.operations.services.change_context import Change
from installer.operations.steps.back_up_kept import back_up_kept
from installer.operations.steps.back_up_old import back_up_old
from installer.operations.steps.carry_over import carry_over
from installer.operations.steps.copy_ahead import copy_ahead
from installer.operations.steps.keep_settings import keep_settings
from installer.operations.steps.make_snapshot_place import make_snapshot_place
from installer.operations.steps.migrate_new import migrate_new
from installer.operations.steps.record_new import record_new
from installer.operations.steps.start_new_database import start_new_database
from installer.operations.steps.start_new_services import start_new_services
from installer.operations.steps.stop_old import stop_old
from installer.workflow.step import Step

ROW = (
    keep_settings,
    make_snapshot_place,
    copy_ahead,
    stop_old,
    back_up_old,
    carry_over,
    start_new_database,
    migrate_new,
    start_new_services,
    record_new,
    back_up_kept,
)


def import_steps(change: Change) -> tuple[Step, ...]:
    """Returns the steps that change this host, in order. Nothing on this host changes before them."""
    return tuple(step(change) for step in ROW)
