"""Defines the row of steps of a restore. Each step's module holds everything about it."""

from installer.operations.restore_.back_up_current import back_up_current
from installer.operations.restore_.replace_current import replace_current
from installer.operations.restore_.restoration import Restoration
from installer.operations.restore_.start_services_again import start_services_again
from installer.operations.restore_.stop_running_services import stop_running_services
from installer.workflow.step import Step


def restore_steps(run: Restoration) -> tuple[Step, ...]:
    """Returns the steps, in order. Nothing on this host changes before them.

    Every database has its safety backup before the content of the first one changes.
    """
    return (
        stop_running_services(run),
        *(back_up_current(run, database) for database in run.databases),
        *(replace_current(database) for database in run.databases),
        start_services_again(run),
    )
