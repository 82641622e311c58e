"""The health checks of real containers, which their engine runs once an hour."""

import time

import pytest

from installer.site.starting.own_checks import OwnChecks
from installer.system.docker.docker import Container, Engine
from tests.site.starting.test_health import service

pytestmark = pytest.mark.engine
SELDOM = ("--health-interval", "1h")


def container_of(engine: Engine, project: str) -> Container:
    (container,) = engine.containers(project=project)
    return container


def passed(checks: OwnChecks, engine: Engine, project: str, *, seconds: float) -> bool:
    """Returns whether the check passes within this time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if checks.passed(container_of(engine, project)):
            return True
        time.sleep(0.1)
    return False


def test_a_check_passes_as_soon_as_it_would_whenever_the_engine_looks_next(engine: Engine) -> None:
    check = ("--health-cmd", "test -e /tmp/ready", *SELDOM)
    with service(*check, command="sleep 2; touch /tmp/ready; sleep 60") as project:
        checks = OwnChecks(engine)
        assert passed(checks, engine, project, seconds=20)
        assert container_of(engine, project).health == "starting"


def test_a_check_that_no_longer_passes_is_seen(engine: Engine) -> None:
    with service("--health-cmd", "test ! -e /tmp/ill", *SELDOM, command="sleep 60") as project:
        checks = OwnChecks(engine)
        assert passed(checks, engine, project, seconds=20)
        assert engine.exit_code(engine.begin(container_of(engine, project).id, ("touch", "/tmp/ill"))) in (
            0,
            None,
        )
        time.sleep(1)
        checks.passed(container_of(engine, project))
        time.sleep(1)
        assert not checks.passed(container_of(engine, project))


def test_a_check_that_hangs_is_not_begun_twice(engine: Engine) -> None:
    check = ("--health-cmd", "echo x >> /tmp/begun; sleep 60", *SELDOM)
    with service(*check, command="sleep 60") as project:
        checks = OwnChecks(engine)
        assert not passed(checks, engine, project, seconds=2)
        counts = engine.begin(
            container_of(engine, project).id, ("sh", "-c", "test $(wc -l < /tmp/begun) = 1")
        )
        time.sleep(1)
        assert engine.exit_code(counts) == 0


def test_without_a_check_or_in_a_container_that_ended_nothing_passes(engine: Engine) -> None:
    with service(command="sleep 60") as project:
        assert not passed(OwnChecks(engine), engine, project, seconds=1)
    with service("--health-cmd", "true", *SELDOM, command="exit 0") as project:
        assert not passed(OwnChecks(engine), engine, project, seconds=1)
