"""Stops the old release's services, its databases last; starts the old release again."""

from installer.operations.plan.step_names import STOP_SERVICES
from installer.operations.services.change_context import Change
from installer.operations.services.start_services import stopping
from installer.operations.steps.old_release_again import start_old_release
from installer.text import _
from installer.workflow.step import Step


def stop_old(change: Change) -> Step:
    """Returns step 6."""
    return Step(
        STOP_SERVICES,
        _("Stop the old release's services"),
        do=lambda: stop_services(change),
        undo=lambda: start_old_release(change),
        is_done=lambda: is_stopped(change),
    )


def stop_services(change: Change) -> str:
    """Stops the old release's services, but not its databases; again if the engine started some."""
    old = change.old
    if old is None:
        return _("no release is running yet")
    services = _services(change)
    if services:
        with change.console.waiting(stopping(services)):
            old.stop(services)
    return _("stopped: {services}", services=", ".join(services) or "-")


def is_stopped(change: Change) -> bool:
    """Returns whether none of the services that `stop_services` stops is up."""
    services = _services(change)
    return not any(one.is_up for one in change.old_containers() if one.service in services)


def _services(change: Change) -> tuple[str, ...]:
    previous = change.plan.previous
    running = previous.running_services if previous is not None else ()
    return tuple(name for name in running if name not in change.plan.database_services)
