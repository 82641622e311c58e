"""Starting services with the real Compose, which gives up soon and says little."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.operations.services.change_context import Change
from installer.operations.services.start_services import lost_services, start_old, telling_culprit
from installer.screen.console import Console
from installer.system.compose.compose import ComposeModel, ComposeProblem, Service
from installer.system.docker.docker import Engine
from tests.operations.carry.test_carry_state import make_state, plan_for
from tests.operations.preflight.containers import a_container
from tests.system.compose_project import compose, project

__all__ = ["project"]
pytestmark = pytest.mark.engine

WAITS = """
services:
  web: {{image: "busybox:1", init: true, command: sleep 60, depends_on: {{db: {{condition: {condition}}}}}}}
  db:
    image: "busybox:1"
    init: true
    command: sh -c "{command}"
    healthcheck: {{test: test -e /tmp/ready, interval: 1s, retries: 1}}
"""
RECOVERS = "echo recovering; sleep 5; touch /tmp/ready; sleep 60"


@pytest.fixture
def change(engine: Engine, project: Path, tmp_path: Path) -> Iterator[Change]:
    make_state(tmp_path)
    now = datetime.now(timezone.utc)
    plan = replace(plan_for(tmp_path, "copy"), project=project.name, started_at=now)
    yield Change(plan, engine, Console(story=io.StringIO()), deadline_seconds=60)


@pytest.mark.parametrize(
    ("condition", "command", "happened", "wrote"),
    [
        (
            "service_healthy",
            "echo cannot open /data; sleep 60",
            "Container {name}-db-1 is not ready, and other services depend on it.",
            "| cannot open /data",
        ),
        (
            "service_completed_successfully",
            "echo no licence; exit 3",
            "Service db failed, and other services depend on it.",
            "| no licence",
        ),
    ],
)
def test_where_compose_gives_up_the_error_shows_what_the_culprit_wrote(
    change: Change, project: Path, condition: str, command: str, happened: str, wrote: str
) -> None:
    started = compose(project, WAITS.format(condition=condition, command=command))
    with pytest.raises(ComposeProblem) as raised, telling_culprit(change):
        started.up(timeout_seconds=60)
    assert raised.value.happened == happened.format(name=project.name)
    assert raised.value.details[1:] == ("Its last log lines:", wrote)
    assert raised.value.hint == ""


def test_where_compose_is_stopped_the_one_that_is_not_well_is_the_culprit(
    change: Change, project: Path
) -> None:
    waits = WAITS.format(condition="service_healthy", command="echo still starting; sleep 60")
    started = compose(project, waits.replace("interval: 1s", "interval: 1h"))
    with pytest.raises(ComposeProblem) as raised, telling_culprit(change):
        started.up(timeout_seconds=6)
    assert raised.value.happened == "Compose did not finish within 6 seconds."
    assert raised.value.details[-2:] == ("Its last log lines:", "| still starting")


def test_the_way_back_has_time_however_soon_a_failure_is_to_be_seen(change: Change) -> None:
    assert replace(change, deadline_seconds=3).patiently().deadline_seconds == 300
    assert replace(change, deadline_seconds=900).patiently().deadline_seconds == 900


def test_on_the_way_back_an_ill_service_that_others_wait_for_may_recover(
    change: Change, project: Path
) -> None:
    old = compose(project, WAITS.format(condition="service_healthy", command=RECOVERS))
    start_old(change, old, ("db", "web"))
    assert {one.service: one.state for one in change.containers()} == {"db": "running", "web": "running"}


ALWAYS, ONCE = "unless-stopped", "no"
MODEL = ComposeModel(
    "vault",
    {
        name: Service(name, "i", None, {}, (), (), (), False, restart)
        for name, restart in (("db", ALWAYS), ("web", ALWAYS), ("job", ONCE))
    },
    {},
)


@pytest.mark.parametrize(
    ("states", "lost"),
    [
        ({"db": "running", "web": "restarting", "job": "running"}, ()),
        ({"db": "running", "web": "running", "job": "exited"}, ()),  # it has ended well
        ({"db": "running", "web": "exited", "job": "exited"}, ("web",)),
        ({"db": "exited", "web": "exited", "job": "exited"}, ("db", "web", "job")),
        ({"db": "running", "job": "exited"}, ("web",)),
        ({}, ("db", "web", "job")),
    ],
)
def test_services_that_must_run_and_do_not_are_lost(states: Mapping[str, str], lost: tuple[str, ...]) -> None:
    containers = tuple(a_container(service, state=state) for service, state in states.items())
    assert lost_services(MODEL, containers) == lost
