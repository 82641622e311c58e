"""Starts services; if Compose gives up, the error shows the log of the culprit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from installer.operations.services.change_context import Change
from installer.site.starting.health import words_of
from installer.site.starting.start_again import start_again, until_ready
from installer.site.starting.start_in_order import needs_of, start_in_order
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.compose.messages import ComposeProblem, NotReady, Unfinished
from installer.system.docker.docker import Container
from installer.text import _

HEALTHY = (None, "healthy")
KEPT_RUNNING = ("always", "unless-stopped")


def start_new(change: Change, services: Sequence[str] = (), *, alone: bool = False) -> None:
    """Creates and starts the new release's containers, all by default; `alone` without dependencies."""
    with change.console.waiting(_starting(services)), telling_culprit(change):
        _up(change, change.new, services, alone=alone, patient=False)


def start_old(change: Change, old: Compose, services: Sequence[str], *, alone: bool = False) -> None:
    """Starts the same containers that ran before, or new ones by the files if they were removed.

    Asks again until the deadline where a dependency is ill, which may recover: an undo has no other choice.
    """
    before = {one.service for one in change.containers() if one.created_at <= change.plan.started_at}
    seconds = change.deadline_seconds
    with change.console.waiting(_starting(services)), telling_culprit(change):
        if before.issuperset(services):
            start_again(old, change.engine, services, patience_seconds=seconds)
        else:
            until_ready(lambda: _up(change, old, services, alone=alone, patient=True), seconds)


def _up(change: Change, release: Compose, services: Sequence[str], *, alone: bool, patient: bool) -> None:
    model, seconds = change.model_of(release), change.deadline_seconds
    needs = needs_of(model, services or model.services)
    if alone or needs is None:
        release.up(services, no_deps=alone, timeout_seconds=seconds)
    else:
        start = partial(release.up, no_deps=True, timeout_seconds=seconds)
        start_in_order(needs, start, change.watch(patient=patient), seconds)


def keep_new_release(change: Change) -> None:
    """Starts the new release's services again if some stopped since they were checked."""
    lost = lost_services(change.new_model, change.new_containers())
    if lost:
        change.console.warn(
            _(
                "Services stopped meanwhile, as they may when the engine is restarted: {services}",
                services=", ".join(lost),
            )
        )
        start_new(change)
        change.wait_for(tuple(change.new_model.services))


def lost_services(model: ComposeModel, containers: Sequence[Container]) -> tuple[str, ...]:
    """Returns the services that must run and do not; a job that ended well counts only if nothing runs."""
    up = {one.service for one in containers if one.is_up}
    ended_well = {one.service for one in containers if one.has_ended_well}
    jobs = {name for name in ended_well if name and up and model.services[name].restart not in KEPT_RUNNING}
    return tuple(name for name in model.services if name not in up | jobs)


def stopping(services: Sequence[str]) -> str:
    """Returns the text shown while services stop, which may take a database some minutes."""
    return _("Stopping: {services}", services=", ".join(services))


@contextmanager
def telling_culprit(change: Change) -> Iterator[None]:
    """Adds the last log lines of the container that Compose gave up on to its error."""
    try:
        yield
    except (NotReady, Unfinished) as problem:
        culprit = _culprit_of(problem, change.containers())
        lines = words_of(change.engine, culprit) if culprit is not None else ()
        if not lines:
            raise
        raise ComposeProblem(problem.happened, details=(*problem.details, *lines)) from problem


def _culprit_of(problem: ComposeProblem, containers: Sequence[Container]) -> Container | None:
    """Finds the culprit by its name; if Compose was stopped, the first container that is not well."""
    if isinstance(problem, NotReady):
        return next((one for one in containers if problem.culprit in (one.name, one.service)), None)
    return next((one for one in containers if not _is_well(one)), None)


def _is_well(container: Container) -> bool:
    if container.state == "running":
        return container.health in HEALTHY
    return container.has_ended_well


def _starting(services: Sequence[str]) -> str:
    if not services:
        return _("Starting the services")
    return _("Starting: {services}", services=", ".join(services))
