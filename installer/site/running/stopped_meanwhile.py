"""Stops services for a while and starts them again, whatever happens meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from installer.errors import AirlockError, Refused, Stuck
from installer.screen.console import Console
from installer.site.running.lost_mounts import lost_mounts, way_to_put_back
from installer.site.running.start_again import start_again
from installer.system.compose.compose import Compose
from installer.system.docker.docker import Container
from installer.text import _


@contextmanager
def stopped_meanwhile(
    compose: Compose,
    services: Sequence[str],
    containers: Callable[[], Sequence[Container]],
    console: Console,
) -> Iterator[None]:
    """Keep `services`, which run, stopped for the time of the body.

    They stay stopped when the body is `Stuck`: nobody should work on half a database. Raises `Refused` before
    any is stopped where they would start without their data, and `Stuck` when they cannot be started again,
    whatever became of the body.
    """
    if not services:
        yield
        return
    _refuse_lost(compose, services)

    def start(failure: BaseException | None = None) -> None:
        console.say(_("Starting: {services}", services=", ".join(services)))
        try:
            start_again(compose, containers(), services)
        except Exception as problem:
            raise _stuck(compose, services, failure, problem) from problem

    try:
        console.say(_("Stopping: {services}", services=", ".join(services)))
        compose.stop(services)
        yield
    except Stuck:
        raise
    except BaseException as failure:
        start(failure)
        raise
    start()


def _refuse_lost(compose: Compose, services: Sequence[str]) -> None:
    known = compose.model().services
    lost = lost_mounts(known[name] for name in services if name in known)
    if lost:
        raise Refused(
            _("Services would start again without their data; nothing was changed."),
            details=[one.words for one in lost],
            hint=way_to_put_back(lost),
        )


def _stuck(
    compose: Compose, services: Sequence[str], failure: BaseException | None, problem: Exception
) -> Stuck:
    return Stuck(
        _("The services that were stopped do not start again: {services}", services=", ".join(services)),
        details=[*(_reason(failure) if failure else ()), *_reason(problem)],
        hint=_("Fix the cause, then run in {directory}: docker compose up -d", directory=compose.directory),
    )


def _reason(failure: BaseException) -> tuple[str, ...]:
    if isinstance(failure, AirlockError):
        return (failure.happened, *failure.details)
    return (_("Interrupted."),) if isinstance(failure, KeyboardInterrupt) else (repr(failure),)
