"""Stops the services that use the database; starts them again."""

from installer.errors import AirlockError, Stuck
from installer.operations.plan.restore_plan import STOP
from installer.operations.restore_.restoration import Restoration
from installer.operations.services.start_services import stopping
from installer.site.starting.start_again import start_again
from installer.system.docker.docker import Engine
from installer.system.process.signals import saying_once, uninterrupted
from installer.text import _
from installer.workflow.step import Step


def stop_running_services(run: Restoration) -> Step:
    """Returns the step."""
    return Step(
        STOP,
        _("Stop the services"),
        do=lambda: _stop(run),
        undo=lambda: start_stopped_services(run),
        is_done=lambda: run.is_replaced or not _running(run),
    )


def stop_services(run: Restoration) -> None:
    """Stops those services of the plan that run; the engine may have started some again."""
    services = _running(run)
    if services:
        with run.console.waiting(stopping(services)):
            run.site.compose().stop(services)


def start_stopped_services(run: Restoration) -> None:
    """Starts the services that ran before, and waits for those that were healthy.

    Raises `Stuck` if they cannot be started, `Unhealthy` if they do not become healthy.
    """
    services = run.plan.running_services
    if not services:
        return
    run.console.say(_("Starting: {services}", services=", ".join(services)))
    try:
        with uninterrupted(saying_once(run.console.warn, _about_signal)):
            start_again(run.site.compose(), Engine.connect(), services)
    except AirlockError as problem:
        raise Stuck(
            _("The stopped services could not be restarted: {services}", services=", ".join(services)),
            details=(problem.happened, *problem.details),
            hint=_(
                "Fix the cause, then run in {directory}: docker compose up -d", directory=run.site.release
            ),
        ) from problem
    run.site.wait_until_healthy(run.plan.healthy_services, run.deadline_seconds)


def make_sure_they_run(run: Restoration) -> None:
    """Starts the services that ran before if one of them stopped: an engine that was killed may do that."""
    if _running(run) != run.plan.running_services:
        start_stopped_services(run)


def _about_signal() -> str:
    return _("The services are being started again; this cannot be interrupted.")


def _stop(run: Restoration) -> str:
    stop_services(run)
    return _("stopped: {services}", services=", ".join(run.plan.running_services) or "-")


def _running(run: Restoration) -> tuple[str, ...]:
    up = {one.service for one in run.site.containers() if one.is_up}
    return tuple(name for name in run.plan.running_services if name in up)
