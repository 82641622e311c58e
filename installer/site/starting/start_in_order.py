"""Starts services in the order of their dependencies, each as soon as what it depends on is ready.

Compose does so, too, but waits for the engine to run the next health check.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from installer.site.starting.health import POLL_SECONDS, Unhealthy, Watch
from installer.system.compose.model import ComposeModel, Dependency, Service

STARTED, HEALTHY, COMPLETED = "service_started", "service_healthy", "service_completed_successfully"
Start = Callable[[Sequence[str]], None]
Needs = Mapping[str, Sequence[Dependency]]


class JobLost(Unhealthy):
    """Reports a service that failed and must succeed before others start."""


def needs_of(model: ComposeModel, services: Iterable[str]) -> Needs | None:
    """Returns on which of the `services` each depends; None if only Compose can start one of them."""
    names = tuple(services)
    needs = {name: _among(names, model.services.get(name)) for name in names}
    known = [model.services[name] for name in names if name in model.services]
    is_clear = all(_is_clear(model, one) for found in needs.values() for one in found)
    return needs if is_clear and not any(service.starts_by_compose for service in known) else None


def _among(names: Collection[str], service: Service | None) -> tuple[Dependency, ...]:
    return tuple(one for one in service.depends_on if one.service in names) if service else ()


def _is_clear(model: ComposeModel, need: Dependency) -> bool:
    """Returns whether the compose files alone say when a dependency is ready."""
    if need.condition == HEALTHY:  # an image may have a health check, too; without any, Compose refuses
        return need.service in model.services and model.services[need.service].has_healthcheck
    return need.condition in (STARTED, COMPLETED)


def start_in_order(needs: Needs, start: Start, watch: Watch, deadline_seconds: float) -> None:
    """Starts all services of `needs`; `start` gets those that may start now, and starts nothing else.

    Raises `Unhealthy` if a dependency is lost, or is not ready at the deadline.
    """
    deadline = time.monotonic() + deadline_seconds
    begun: list[str] = []
    while len(begun) < len(needs):
        ready = _ready(watch, begun, needs)
        free = [name for name in needs if name not in begun and _is_free(needs[name], ready)]
        if free:
            start(free)
            begun += free
        elif time.monotonic() > deadline:
            raise watch.too_late(_missing(needs, begun, ready), deadline_seconds)
        else:
            time.sleep(POLL_SECONDS)


def _ready(watch: Watch, begun: Sequence[str], needs: Needs) -> dict[str, set[str]]:
    """Returns the services that are as each condition requires."""
    waiting = _look(watch, begun, needs)
    ended = {one.service or "" for one in watch.seen if one.has_ended_well}
    going = {one.service or "" for one in watch.seen if not one.has_ended_well}
    healthy = {name for name in begun if name not in waiting}
    return {STARTED: {*begun}, HEALTHY: healthy, COMPLETED: ended - going}


def _look(watch: Watch, begun: Sequence[str], needs: Needs) -> Sequence[str]:
    try:
        return watch.look(begun) if begun else ()
    except Unhealthy as lost:
        jobs = {one.service for found in needs.values() for one in found if one.condition == COMPLETED}
        if lost.culprit not in jobs:
            raise
        raise JobLost(lost.happened, details=lost.details, culprit=lost.culprit) from lost


def _is_free(needs: Sequence[Dependency], ready: Mapping[str, set[str]]) -> bool:
    return all(one.service in ready[one.condition] for one in needs)


def _missing(needs: Needs, begun: Sequence[str], ready: Mapping[str, set[str]]) -> list[str]:
    """Returns the dependencies that are not ready."""
    waited = [one for name, found in needs.items() if name not in begun for one in found]
    return sorted({one.service for one in waited if one.service not in ready[one.condition]})
