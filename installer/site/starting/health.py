"""Waits until services are healthy, with a deadline of its own, and names the one that is not."""

import time
from collections.abc import Callable, Mapping, Sequence

from installer.errors import Failed
from installer.site.starting.container_log import last_lines
from installer.site.starting.own_checks import OwnChecks
from installer.system.docker.docker import Container, Engine
from installer.text import _

POLL_SECONDS = 0.2
SETTLE_SECONDS = 3.0
LOG_LINES = 20
RESTARTS_TOLERATED = 3
Test = Callable[[Container], bool]
Tell = Callable[[Sequence[str]], None]
NO_TESTS: Mapping[str, Test] = {}


class Unhealthy(Failed):
    """Reports a service, the `culprit`, that did not become healthy, or did not stay so."""

    def __init__(self, happened: str, *, details: Sequence[str] = (), culprit: str | None = None) -> None:
        super().__init__(happened, details=details)
        self.culprit = culprit


class Watch:
    """Looks at the services of a project again and again.

    Counts a service without a health check as healthy while it is running; one that ended with exit code 0
    has done its work. Runs a service's own check instead of waiting for the engine's next one. `tests` check
    a service's container, too: whether the server in it answers. Ignores crashes from before the first look.
    A `patient` one gives services that may recover by themselves more time: an undo has no other choice.
    """

    def __init__(
        self, engine: Engine, project: str, *, patient: bool = False, tests: Mapping[str, Test] = NO_TESTS
    ) -> None:
        self._engine, self._project, self._tests = engine, project, tests
        self._patient = patient
        self._checks = OwnChecks(engine)
        self._restarts_before: dict[str, int] = {}
        self._containers: tuple[Container, ...] = ()

    def look(self, services: Sequence[str]) -> list[str]:
        """Returns those of the services that are not healthy. Raises `Unhealthy` if one is lost."""
        found = self._engine.containers(project=self._project)
        self._containers = tuple(one for one in found if one.service in services and not one.is_one_off)
        for one in self._containers:
            self._refuse_lost(one)
        ill = {one.service for one in self._containers if not self._is_healthy(one)}
        there = {one.service for one in self._containers}
        return [name for name in services if name not in there or name in ill]

    @property
    def seen(self) -> tuple[Container, ...]:
        """Returns the containers of the last look."""
        return self._containers

    def too_late(self, waiting: Sequence[str], deadline_seconds: float) -> Unhealthy:
        """Returns the error for services that were not healthy at the deadline."""
        happened = _(
            "Not healthy after {seconds} s: {services}.",
            seconds=int(deadline_seconds),
            services=", ".join(waiting),
        )
        culprit = next((one for one in self._containers if one.service in waiting), None)
        return self._unhealthy(culprit, happened) if culprit else Unhealthy(happened)

    def _is_healthy(self, container: Container) -> bool:
        if container.state != "running":
            return container.has_ended_well
        test = self._tests.get(container.service or "")
        is_well = container.health in (None, "healthy") or self._checks.passed(container)
        return is_well and (test is None or test(container))

    def _refuse_lost(self, one: Container) -> None:
        """Raises `Unhealthy` for a lost service; a patient watch gives one that is restarted more time."""
        crashes = one.restart_count - self._restarts_before.setdefault(one.id, one.restart_count)
        if one.state in ("exited", "dead") and one.exit_code != 0:
            happened = _(
                "Service {service} exited with code {code}.", service=one.service, code=one.exit_code
            )
        elif not self._patient and crashes > RESTARTS_TOLERATED:
            happened = _("Service {service} keeps exiting and restarting.", service=one.service)
        elif not self._patient and one.is_running and one.health == "unhealthy":
            happened = _("Service {service} is unhealthy by its health check.", service=one.service)
        else:
            return
        raise self._unhealthy(one, happened)

    def _unhealthy(self, culprit: Container, happened: str) -> Unhealthy:
        return Unhealthy(happened, details=words_of(self._engine, culprit), culprit=culprit.service)


def wait_until_healthy(
    watch: Watch,
    services: Sequence[str],
    *,
    deadline_seconds: float,
    settle_seconds: float = SETTLE_SECONDS,
    tell: Tell = lambda _services: None,
) -> None:
    """Returns when every service is healthy and has stayed up for a moment.

    Calls `tell` again and again with the services not healthy yet. Raises `Unhealthy` with the culprit's last
    log lines.
    """
    deadline = time.monotonic() + deadline_seconds
    settled_since: float | None = None
    restarts_seen: dict[str, int] = {}
    while True:
        waiting = watch.look(services) or _restarted(watch.seen, restarts_seen)
        restarts_seen = {one.id: one.restart_count for one in watch.seen}
        tell(waiting)
        now = time.monotonic()
        settled_since = None if waiting else settled_since or now
        if settled_since is not None and now - settled_since >= settle_seconds:
            return
        if now > deadline:
            raise watch.too_late(waiting, deadline_seconds)
        time.sleep(POLL_SECONDS)


def waiting_words(services: Sequence[str]) -> str:
    """Returns the text shown while waiting for these services."""
    if not services:
        return _("All are healthy; checking for a moment that they stay healthy")
    return _("Waiting until healthy: {services}", services=", ".join(services))


def _restarted(containers: Sequence[Container], restarts_seen: Mapping[str, int]) -> list[str]:
    """Returns services that run at every look, but crashed since the last one."""
    return [
        one.service or ""
        for one in containers
        if one.restart_count > restarts_seen.get(one.id, one.restart_count)
    ]


def words_of(engine: Engine, culprit: Container) -> tuple[str, ...]:
    """Returns a container's last log lines, as details of an error; nothing if it logged none."""
    lines = last_lines(engine, culprit, LOG_LINES)
    return (_("Its last log lines:"), *(f"| {line}" for line in lines)) if lines else ()
