"""Stops services temporarily and restarts them, even after a failure."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from installer.errors import AirlockError, Refused, Stuck
from installer.screen.console import Console
from installer.site.running.lost_mounts import lost_mounts, way_to_put_back
from installer.site.running.start_again import start_again
from installer.system.compose.compose import Compose
from installer.system.docker.docker import Container
from installer.system.process.signals import saying_once, uninterrupted
from installer.text import _


@contextmanager
def stopped_meanwhile(
    compose: Compose,
    services: Sequence[str],
    containers: Callable[[], Sequence[Container]],
    console: Console,
) -> Iterator[None]:
    """Keeps `services`, which run, stopped while the body runs.

    They stay stopped if the body raises `Stuck`, so that they do not use a half-changed database. Raises
    `Refused` before stopping any service that would restart without its data, and `Stuck` if they cannot be
    restarted, whether the body succeeded or failed.
    """
    if not services:
        yield
        return
    _refuse_lost(compose, services)

    def start(failure: BaseException | None = None) -> None:
        console.say(_("Starting: {services}", services=", ".join(services)))
        try:
            with uninterrupted(saying_once(console.warn, _about_signal)):
                start_again(compose, containers, services)
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


def _about_signal() -> str:
    return _("The services are being started again; this cannot be interrupted.")


def _refuse_lost(compose: Compose, services: Sequence[str]) -> None:
    known = compose.model().services
    lost = lost_mounts(known[name] for name in services if name in known)
    if lost:
        raise Refused(
            _("Services would restart without their data. Nothing was changed."),
            details=[one.words for one in lost],
            hint=way_to_put_back(lost),
        )


def _stuck(
    compose: Compose, services: Sequence[str], failure: BaseException | None, problem: Exception
) -> Stuck:
    return Stuck(
        _("The stopped services could not be restarted: {services}", services=", ".join(services)),
        details=[*(_reason(failure) if failure else ()), *_reason(problem)],
        hint=_("Fix the cause, then run in {directory}: docker compose up -d", directory=compose.directory),
    )


def _reason(failure: BaseException) -> tuple[str, ...]:
    if isinstance(failure, AirlockError):
        return (failure.happened, *failure.details)
    return (_("Interrupted."),) if isinstance(failure, KeyboardInterrupt) else (repr(failure),)
