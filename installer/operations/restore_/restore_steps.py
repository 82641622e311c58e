"""Defines the row of steps of a restore. Each step's module holds everything about it."""

from installer.operations.restore_.back_up_current import back_up_current
from installer.operations.restore_.replace_current import replace_current
from installer.operations.restore_.restoration import Restoration
from installer.operations.restore_.start_services_again import start_services_again
from installer.operations.restore_.stop_running_services import stop_running_services
from installer.workflow.step import Step

ROW = (stop_running_services, back_up_current, replace_current, start_services_again)


def restore_steps(run: Restoration) -> tuple[Step, ...]:
    """Returns the steps, in order. Nothing on this host changes before them."""
    return tuple(step(run) for step in ROW)
