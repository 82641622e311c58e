"""Waits until services are healthy, with its own deadline, and says which one is not and what it wrote."""

import time
from collections.abc import Iterable, Sequence

from installer.errors import AirlockError
from installer.system.docker import Container, Engine
from installer.text import _

POLL_SECONDS = 0.5
SETTLE_SECONDS = 3.0
LOG_LINES = 20
RESTARTS_TOLERATED = 3


class Unhealthy(AirlockError):
    """A service did not become healthy, or did not stay so."""


def wait_until_healthy(
    engine: Engine,
    project: str,
    services: Sequence[str],
    *,
    deadline_seconds: float,
    patient: bool = False,
    settle_seconds: float = SETTLE_SECONDS,
) -> None:
    """Return when every service is healthy and has stayed up for a moment.

    A service without a health check counts as healthy while it runs; one that ended with exit code 0 has
    done its work. A `patient` wait gives one that calls itself ill until the deadline to recover: on the
    way back nothing else is left to try. Raises `Unhealthy` with the culprit's last log lines.
    """
    deadline = time.monotonic() + deadline_seconds
    settled_since: float | None = None
    while True:
        containers = [
            c for c in engine.containers(project=project) if c.service in services and not c.is_one_off
        ]
        _refuse_ended(engine, containers)
        if not patient:
            _refuse_ill(engine, containers)
        healthy = {c.service for c in containers} - {c.service for c in containers if not _is_healthy(c)}
        waiting = [name for name in services if name not in healthy]
        now = time.monotonic()
        settled_since = None if waiting else settled_since or now
        if settled_since is not None and now - settled_since >= settle_seconds:
            return
        if now > deadline:
            culprit = next((c for c in containers if c.service in waiting), None)
            raise _too_late(engine, culprit, waiting, deadline_seconds)
        time.sleep(POLL_SECONDS)


def _is_healthy(container: Container) -> bool:
    if container.state == "running":
        return container.health in (None, "healthy")
    return _has_done_its_work(container)


def _has_done_its_work(container: Container) -> bool:
    return container.state == "exited" and container.exit_code == 0


def _refuse_ended(engine: Engine, containers: Iterable[Container]) -> None:
    for container in containers:
        if container.state in ("exited", "dead") and container.exit_code != 0:
            raise _unhealthy(
                engine,
                container,
                _(
                    "Service {service} ended with exit code {code}.",
                    service=container.service,
                    code=container.exit_code,
                ),
            )
        if container.restart_count > RESTARTS_TOLERATED:
            raise _unhealthy(
                engine,
                container,
                _("Service {service} keeps ending and restarting.", service=container.service),
            )


def _refuse_ill(engine: Engine, containers: Iterable[Container]) -> None:
    for container in containers:
        if container.health == "unhealthy":
            raise _unhealthy(
                engine,
                container,
                _("Service {service} is unhealthy by its own check.", service=container.service),
            )


def _too_late(
    engine: Engine, culprit: Container | None, waiting: Sequence[str], deadline_seconds: float
) -> Unhealthy:
    happened = _(
        "Not healthy after {seconds} s: {services}.",
        seconds=int(deadline_seconds),
        services=", ".join(waiting),
    )
    return _unhealthy(engine, culprit, happened) if culprit else Unhealthy(happened)


def _unhealthy(engine: Engine, culprit: Container, happened: str) -> Unhealthy:
    log = engine.logs(culprit.id, LOG_LINES).splitlines()
    return Unhealthy(happened, details=[_("Its last log lines:"), *(f"| {line}" for line in log)])
