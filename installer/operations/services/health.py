"""Waits until services are healthy, with a deadline of its own, and names the one that is not."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from installer.errors import Failed
from installer.operations.services.container_log import last_lines
from installer.system.docker.docker import Container, Engine
from installer.text import _

POLL_SECONDS = 0.5
SETTLE_SECONDS = 3.0
LOG_LINES = 20
RESTARTS_TOLERATED = 3
Test = Callable[[Container], bool]
Tell = Callable[[Sequence[str]], None]
NO_TESTS: Mapping[str, Test] = {}


class Unhealthy(Failed):
    """Reports a service that did not become healthy, or did not stay so."""


@dataclass(frozen=True)
class _Wanted:
    services: Sequence[str]
    patient: bool
    tests: Mapping[str, Test]


def wait_until_healthy(
    engine: Engine,
    project: str,
    services: Sequence[str],
    *,
    deadline_seconds: float,
    patient: bool = False,
    settle_seconds: float = SETTLE_SECONDS,
    tests: Mapping[str, Test] = NO_TESTS,
    tell: Tell = lambda _services: None,
) -> None:
    """Returns when every service is healthy and has stayed up for a moment.

    Counts a service without a health check as healthy while it is running; one that ended with exit code 0
    has done its work. `tests` check a service's container, too: whether the server in it answers. Ignores
    crashes from before the wait. A `patient` wait gives services that may recover by themselves until the
    deadline: an undo has no other choice. Calls `tell` again and again with the services not healthy yet.
    Raises `Unhealthy` with the culprit's last log lines.
    """
    wanted = _Wanted(services, patient, tests)
    deadline = time.monotonic() + deadline_seconds
    settled_since: float | None = None
    restarts_before: dict[str, int] = {}
    restarts_seen: dict[str, int] = {}
    while True:
        containers = _containers(engine, project, wanted)
        for one in containers:
            restarts_before.setdefault(one.id, one.restart_count)
        _refuse_lost(engine, containers, wanted, restarts_before)
        waiting = _not_yet_healthy(containers, wanted) or _restarted(containers, restarts_seen)
        restarts_seen = {one.id: one.restart_count for one in containers}
        tell(waiting)
        now = time.monotonic()
        settled_since = None if waiting else settled_since or now
        if settled_since is not None and now - settled_since >= settle_seconds:
            return
        if now > deadline:
            raise _too_late(engine, containers, waiting, deadline_seconds)
        time.sleep(POLL_SECONDS)


def waiting_words(services: Sequence[str]) -> str:
    """Returns the text shown while waiting for these services."""
    if not services:
        return _("All are healthy; checking for a moment that they stay healthy")
    return _("Waiting until healthy: {services}", services=", ".join(services))


def _containers(engine: Engine, project: str, wanted: _Wanted) -> list[Container]:
    found = engine.containers(project=project)
    return [one for one in found if one.service in wanted.services and not one.is_one_off]


def _not_yet_healthy(containers: Sequence[Container], wanted: _Wanted) -> list[str]:
    ill = {one.service for one in containers if not _is_healthy(one, wanted.tests)}
    there = {one.service for one in containers}
    return [name for name in wanted.services if name not in there or name in ill]


def _restarted(containers: Sequence[Container], restarts_seen: Mapping[str, int]) -> list[str]:
    """Returns services that run at every look, but crashed since the last one."""
    return [
        one.service or ""
        for one in containers
        if one.restart_count > restarts_seen.get(one.id, one.restart_count)
    ]


def _is_healthy(container: Container, tests: Mapping[str, Test]) -> bool:
    if container.state == "running":
        test = tests.get(container.service or "")
        return container.health in (None, "healthy") and (test is None or test(container))
    return container.has_ended_well


def _refuse_lost(
    engine: Engine, containers: Sequence[Container], wanted: _Wanted, restarts_before: Mapping[str, int]
) -> None:
    """Raises `Unhealthy` for lost services; a patient wait gives those that the engine restarts more time."""
    for one in containers:
        crashes = one.restart_count - restarts_before[one.id]
        if one.state in ("exited", "dead") and one.exit_code != 0:
            happened = _(
                "Service {service} exited with code {code}.", service=one.service, code=one.exit_code
            )
        elif not wanted.patient and crashes > RESTARTS_TOLERATED:
            happened = _("Service {service} keeps exiting and restarting.", service=one.service)
        elif not wanted.patient and one.health == "unhealthy":
            happened = _("Service {service} is unhealthy by its health check.", service=one.service)
        else:
            continue
        raise _unhealthy(engine, one, happened)


def _too_late(
    engine: Engine, containers: Sequence[Container], waiting: Sequence[str], deadline_seconds: float
) -> Unhealthy:
    happened = _(
        "Not healthy after {seconds} s: {services}.",
        seconds=int(deadline_seconds),
        services=", ".join(waiting),
    )
    culprit = next((one for one in containers if one.service in waiting), None)
    return _unhealthy(engine, culprit, happened) if culprit else Unhealthy(happened)


def _unhealthy(engine: Engine, culprit: Container, happened: str) -> Unhealthy:
    return Unhealthy(happened, details=words_of(engine, culprit))


def words_of(engine: Engine, culprit: Container) -> tuple[str, ...]:
    """Returns a container's last log lines, as details of an error; nothing if it logged none."""
    lines = last_lines(engine, culprit, LOG_LINES)
    return (_("Its last log lines:"), *(f"| {line}" for line in lines)) if lines else ()
