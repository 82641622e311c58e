"""Starts the services again that a restore stopped."""

from installer.operations.plan.restore_plan import START
from installer.operations.restore_.restoration import Restoration
from installer.operations.restore_.stop_running_services import start_stopped_services, stop_services
from installer.text import _
from installer.workflow.step import Step


def start_services_again(run: Restoration) -> Step:
    """Returns the step. A restore that goes on does it again: Compose leaves running services alone."""
    return Step(
        START,
        _("Start the services, wait until they are healthy"),
        do=lambda: _start(run),
        undo=lambda: stop_services(run),
    )


def _start(run: Restoration) -> str:
    start_stopped_services(run)
    return _("started: {services}", services=", ".join(run.plan.running_services) or "-")
