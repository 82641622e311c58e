"""Restarts services that were stopped temporarily."""

import time
from collections.abc import Callable, Collection, Sequence
from functools import partial

from installer.errors import AirlockError
from installer.site.starting.health import Unhealthy, Watch
from installer.site.starting.start_in_order import COMPLETED, JobLost, needs_of, start_in_order
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.compose.messages import JobFailed, NotReady
from installer.system.docker.docker import Container, Engine
from installer.system.engine_problems import was_away

PATIENCE_SECONDS = 300.0
RETRY_SECONDS = 2.0


def start_again(
    compose: Compose,
    engine: Engine,
    services: Collection[str],
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Starts the containers of `services`, or new ones if the directory was renamed since they were created.

    What they depend on is started, too, if an engine that was killed stopped it. The engine mounts the
    folders of an existing container by their old paths, and creates empty ones there.
    """
    until_ready(lambda: _start(compose, engine, services, patience_seconds), patience_seconds)


def _start(compose: Compose, engine: Engine, services: Collection[str], patience_seconds: float) -> None:
    model = compose.model()
    containers = engine.containers(project=model.project)
    services = with_stopped_dependencies(model, services, containers)
    own = tuple(one for one in containers if _is_of(one, services))
    places = {one.working_dir for one in own}
    is_in_place = all(place is None or place.resolve() == compose.directory.resolve() for place in places)
    needs = needs_of(model, services) if {one.service for one in own} == {*services} else None
    if needs is None:
        _by_compose(compose, services, is_in_place=is_in_place)
        return
    start = partial(_start_containers, engine, own) if is_in_place else partial(compose.up, no_deps=True)
    start_in_order(needs, start, Watch(engine, model.project, patient=True), patience_seconds)


def with_stopped_dependencies(
    model: ComposeModel, services: Collection[str], containers: Sequence[Container]
) -> tuple[str, ...]:
    """Returns the services and all that they need running and that does not run; a job is not done again."""
    up = {one.service for one in containers if one.is_up}
    found = list(services)
    for name in found:  # which grows
        needs = model.services[name].depends_on if name in model.services else ()
        stopped = (one.service for one in needs if one.condition != COMPLETED and one.service not in up)
        found += [service for service in stopped if service not in found]
    return tuple(found)


def _is_of(container: Container, services: Collection[str]) -> bool:
    return container.service in services and not container.is_one_off


def _by_compose(compose: Compose, services: Collection[str], *, is_in_place: bool) -> None:
    if is_in_place:
        compose.start(tuple(services))
    else:
        compose.up(tuple(services), no_deps=True)


def _start_containers(engine: Engine, containers: Sequence[Container], services: Sequence[str]) -> None:
    for one in containers:
        if one.service in services:
            engine.start(one.id)


def until_ready(start: Callable[[], None], patience_seconds: float) -> None:
    """Calls `start` again and again while a dependency is unhealthy or the engine is away.

    Compose gives up at once, although both may recover; whoever starts a release again has no other choice.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            start()
        except AirlockError as problem:
            if not _may_recover(problem) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return


def _may_recover(problem: AirlockError) -> bool:
    is_ill = isinstance(problem, (NotReady, Unhealthy)) and not isinstance(problem, (JobFailed, JobLost))
    return is_ill or was_away(problem)
