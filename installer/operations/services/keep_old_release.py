"""Keeps the old release running while an import only looks: an engine that is restarted may not start it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from installer.errors import AirlockError, Refused
from installer.operations.plan.import_plan import ImportPlan, Previous
from installer.operations.services.change_context import WAY_BACK_SECONDS, Change
from installer.operations.services.engine_returns import came_back
from installer.operations.services.start_services import start_old
from installer.screen.console import Console
from installer.system.docker.docker import Container, Engine
from installer.system.process.signals import held_back
from installer.text import _


@contextmanager
def keeping_old_release(plan: ImportPlan, engine: Engine, console: Console) -> Iterator[None]:
    """Starts the old release again if it stopped while the body ran, whether that failed or not."""
    try:
        yield
    except BaseException:
        with held_back():
            _keep_after_failure(plan, engine, console)
        raise
    keep_old_release(plan, engine, console)


def keep_old_release(plan: ImportPlan, engine: Engine, console: Console) -> None:
    """Starts the old release again, by its own files, if it stopped since the plan was made.

    Raises `Refused` if it cannot be started.
    """
    came_back(engine.answers, console)
    change = Change(plan, engine, console, WAY_BACK_SECONDS)
    old, previous = change.old, plan.previous
    if old is None or previous is None:
        return
    stopped = stopped_services(previous, change.containers())
    if not stopped:
        return
    console.warn(stopped_meanwhile(stopped))
    try:
        start_old(change, old, stopped)
        change.wait_for(stopped, patient=True)
    except AirlockError as obstacle:
        raise _refusal(previous, obstacle) from obstacle
    console.say(_("The old release was started again and is running."))


def stopped_services(previous: Previous, containers: tuple[Container, ...]) -> tuple[str, ...]:
    """Returns the services that ran properly when the plan was made and do not run now.

    A job that ended well meanwhile counts only if nothing else runs either.
    """
    up = {one.service for one in containers if one.is_up}
    ended_well = {one.service for one in containers if one.has_ended_well}
    stopped = tuple(name for name in previous.healthy_services if name not in up)
    runs_partly = len(stopped) < len(previous.healthy_services)
    return () if runs_partly and ended_well.issuperset(stopped) else stopped


def stopped_meanwhile(services: Sequence[str]) -> str:
    """Returns the warning about services that no step stopped."""
    return _(
        "The old release stopped meanwhile, as it may when the engine is restarted: {services}",
        services=", ".join(services),
    )


def _keep_after_failure(plan: ImportPlan, engine: Engine, console: Console) -> None:
    try:
        keep_old_release(plan, engine, console)
    except AirlockError as obstacle:  # the failure itself is said as well
        console.problem(obstacle)


def _refusal(previous: Previous, obstacle: AirlockError) -> Refused:
    return Refused(
        _("The old release stopped while the import was prepared, and could not be started again."),
        details=(obstacle.happened, *obstacle.details),
        hint=_("In {directory}, run: docker compose up -d", directory=previous.directory),
    )
