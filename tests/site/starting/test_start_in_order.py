"""Services that depend on each other, started by the real Compose; the engine looks at them once an hour."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from installer.site.starting.health import Unhealthy, Watch
from installer.site.starting.start_again import start_again, with_stopped_dependencies
from installer.site.starting.start_in_order import JobLost, needs_of, start_in_order
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.compose.model import Dependency, Service
from installer.system.docker.docker import Engine
from tests.operations.preflight.containers import a_container
from tests.system.compose_project import compose, project

__all__ = ["project"]

HEALTHY, COMPLETED = "service_healthy", "service_completed_successfully"
SERVICES = """
services:
  web: {{image: "busybox:1", init: true, command: sleep 60, depends_on: {{db: {{condition: {condition}}}}}}}
  db:
    image: "busybox:1"
    init: true
    command: sh -c "{command}"
    healthcheck: {{test: test -e /tmp/ready, interval: 1h}}
"""
READY_SOON = "sleep 1; touch /tmp/ready; sleep 60"


def started(engine: Engine, release: Compose, deadline_seconds: float = 30) -> list[Sequence[str]]:
    """Starts all services in order; returns those that were started together."""
    model, together = release.model(), list[Sequence[str]]()
    needs = needs_of(model, model.services)
    assert needs is not None

    def start(services: Sequence[str]) -> None:
        together.append(tuple(services))
        release.up(services, no_deps=True)

    start_in_order(needs, start, Watch(engine, model.project), deadline_seconds)
    return together


@pytest.mark.engine
def test_a_service_starts_as_soon_as_the_check_of_what_it_depends_on_passes(
    engine: Engine, project: Path
) -> None:
    release = compose(project, SERVICES.format(condition=HEALTHY, command=READY_SOON))
    assert started(engine, release) == [("db",), ("web",)]
    assert {one.service: one.state for one in engine.containers(project=project.name)} == {
        "db": "running",
        "web": "running",
    }


@pytest.mark.engine
def test_a_service_starts_after_the_job_that_must_succeed_first(engine: Engine, project: Path) -> None:
    release = compose(project, SERVICES.format(condition=COMPLETED, command="sleep 1"))
    assert started(engine, release) == [("db",), ("web",)]
    assert {one.service: one.state for one in engine.containers(project=project.name)} == {
        "db": "exited",
        "web": "running",
    }


@pytest.mark.engine
def test_a_job_that_fails_is_named_with_what_it_wrote(engine: Engine, project: Path) -> None:
    release = compose(project, SERVICES.format(condition=COMPLETED, command="echo no licence; exit 3"))
    with pytest.raises(JobLost) as failed:
        started(engine, release)
    assert failed.value.happened == "Service db exited with code 3."
    assert failed.value.details == ("Its last log lines:", "| no licence")


@pytest.mark.engine
def test_a_dependency_that_is_not_ready_at_the_deadline_is_named(engine: Engine, project: Path) -> None:
    release = compose(project, SERVICES.format(condition=HEALTHY, command="echo still starting; sleep 60"))
    with pytest.raises(Unhealthy) as failed:
        started(engine, release, deadline_seconds=1)
    assert failed.value.happened == "Not healthy after 1 s: db."
    assert failed.value.details == ("Its last log lines:", "| still starting")


@pytest.mark.engine
def test_stopped_containers_start_again_unchanged_without_waiting_for_the_engine_to_look(
    engine: Engine, project: Path
) -> None:
    release = compose(project, SERVICES.format(condition=HEALTHY, command=READY_SOON))
    started(engine, release)
    before = {one.id for one in engine.containers(project=project.name)}
    release.stop(timeout_seconds=1)
    start_again(release, engine, ("db", "web"), patience_seconds=30)
    after = engine.containers(project=project.name)
    assert {one.id for one in after if one.is_running} == before


@pytest.mark.engine
def test_what_a_service_depends_on_starts_with_it_where_it_was_stopped(engine: Engine, project: Path) -> None:
    release = compose(project, SERVICES.format(condition=HEALTHY, command=READY_SOON))
    started(engine, release)
    release.stop(timeout_seconds=1)
    start_again(release, engine, ("web",), patience_seconds=30)
    assert {one.service: one.state for one in engine.containers(project=project.name)} == {
        "db": "running",
        "web": "running",
    }


def test_a_job_that_was_done_and_a_service_that_runs_are_not_started_again() -> None:
    needs = (Dependency("job", COMPLETED), Dependency("db", HEALTHY), Dependency("cache", "service_started"))
    services = (service_of("web", *needs), service_of("job"), service_of("db", Dependency("disk", HEALTHY)))
    model = ComposeModel(
        "p", {one.name: one for one in (*services, service_of("cache"), service_of("disk"))}, {}
    )
    containers = [
        a_container("job", state="exited"),
        a_container("db", state="exited"),
        a_container("cache"),
        a_container("disk", state="exited"),
    ]
    assert with_stopped_dependencies(model, ("web",), containers) == ("web", "db", "disk")


def service_of(name: str, *needs: Dependency, has_check: bool = True, by_compose: bool = False) -> Service:
    return Service(name, "i", None, {}, (), (), needs, has_check, "no", starts_by_compose=by_compose)


def needs_among(names: Sequence[str], *services: Service) -> object:
    return needs_of(ComposeModel("p", {one.name: one for one in services}, {}), names)


def test_only_dependencies_among_the_services_count_and_those_of_unknown_ones_are_none() -> None:
    web = service_of("web", Dependency("db", HEALTHY), Dependency("cache", "service_started"))
    both = needs_among(("web", "db", "old"), web, service_of("db"))
    assert both == {"web": (Dependency("db", HEALTHY),), "db": (), "old": ()}


@pytest.mark.parametrize(
    "services",
    [
        (service_of("web", by_compose=True), service_of("db")),
        (service_of("web", Dependency("db", HEALTHY)), service_of("db", has_check=False)),
        (service_of("web", Dependency("db", "service_rested")), service_of("db")),
    ],
)
def test_what_the_files_alone_do_not_say_is_left_to_compose(services: tuple[Service, Service]) -> None:
    assert needs_among(("web", "db"), *services) is None
