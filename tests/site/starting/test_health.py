import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count

import pytest

from installer.site.starting.health import Unhealthy, Watch, wait_until_healthy
from installer.system.docker.docker import Engine

pytestmark = pytest.mark.engine
_numbers = count(1)


@contextmanager
def service(*options: str, command: str) -> Iterator[str]:
    """A container that Compose might have made, as service `web` of a project of its own."""
    project = f"health-{next(_numbers)}"
    labels = ("project=" + project, "service=web", "oneoff=False")
    words = [word for label in labels for word in ("--label", f"com.docker.compose.{label}")]
    made = subprocess.run(
        ("docker", "run", "--detach", *words, *options, "busybox:1", "sh", "-c", command),
        capture_output=True,
        text=True,
        check=True,
    )
    try:
        yield project
    finally:
        subprocess.run(("docker", "rm", "--force", made.stdout.strip()), capture_output=True, check=True)


def failure_of(engine: Engine, project: str, deadline_seconds: float, *, patient: bool = False) -> Unhealthy:
    with pytest.raises(Unhealthy) as failed:
        watch = Watch(engine, project, patient=patient)
        wait_until_healthy(watch, ("web",), deadline_seconds=deadline_seconds)
    return failed.value


def test_a_service_without_a_health_check_is_healthy_while_it_runs(engine: Engine) -> None:
    with service(command="sleep 60") as project:
        wait_until_healthy(Watch(engine, project), ("web",), deadline_seconds=20)


def test_a_service_is_waited_for_until_its_own_check_passes(engine: Engine) -> None:
    check = ("--health-cmd", "test -e /tmp/ready", "--health-interval", "1s")
    with service(*check, command="sleep 2; touch /tmp/ready; sleep 60") as project:
        wait_until_healthy(Watch(engine, project), ("web",), deadline_seconds=20)


def test_a_patient_wait_lets_an_ill_service_recover(engine: Engine) -> None:
    check = ("--health-cmd", "test -e /tmp/ready", "--health-interval", "1s", "--health-retries", "1")
    with service(*check, command="sleep 4; touch /tmp/ready; sleep 60") as project:
        wait_until_healthy(Watch(engine, project, patient=True), ("web",), deadline_seconds=20)


def test_a_patient_wait_lets_a_service_that_crashes_on_its_way_up_recover(engine: Engine) -> None:
    crashes = "echo x >> /tmp/starts; test $(wc -l < /tmp/starts) -gt 6 || exit 3; sleep 60"
    with service("--restart", "always", command=crashes) as project:
        wait_until_healthy(Watch(engine, project, patient=True), ("web",), deadline_seconds=60)


def test_a_patient_wait_ends_with_what_nobody_starts_again(engine: Engine) -> None:
    with service(command="echo no licence; exit 3") as project:
        failure = failure_of(engine, project, 60, patient=True)
    assert failure.happened == "Service web exited with code 3."


def test_crashes_of_last_year_are_no_reason_to_give_up(engine: Engine) -> None:
    crashes = "echo x >> /tmp/starts; test $(wc -l < /tmp/starts) -gt 5 || exit 3; sleep 60"
    with service("--restart", "always", command=crashes) as project:
        while not any(
            one.restart_count == 5 and one.is_running for one in engine.containers(project=project)
        ):
            time.sleep(0.2)
        wait_until_healthy(Watch(engine, project), ("web",), deadline_seconds=20)


def test_a_service_is_not_healthy_before_what_is_in_it_answers(engine: Engine) -> None:
    told: list[Sequence[str]] = []
    with service(command="sleep 60") as project:
        watch = Watch(engine, project, tests={"web": lambda _container: len(told) > 2})
        wait_until_healthy(watch, ("web",), deadline_seconds=20, settle_seconds=0, tell=told.append)
    assert told == [["web"], ["web"], ["web"], []]


def test_work_that_ended_well_is_healthy(engine: Engine) -> None:
    with service(command="exit 0") as project:
        wait_until_healthy(Watch(engine, project), ("web",), deadline_seconds=20)


def test_a_service_that_ends_a_moment_later_is_noticed_with_what_it_wrote(engine: Engine) -> None:
    with service(command="echo cannot open /data; sleep 1; exit 3") as project:
        failure = failure_of(engine, project, 20)
    assert failure.happened == "Service web exited with code 3."
    assert failure.details == ("Its last log lines:", "| cannot open /data")


def test_an_unhealthy_service_is_noticed_before_the_deadline(engine: Engine) -> None:
    check = ("--health-cmd", "false", "--health-interval", "1s", "--health-retries", "1")
    with service(*check, command="sleep 60") as project:
        failure = failure_of(engine, project, 60)
    assert failure.happened == "Service web is unhealthy by its health check."


def test_a_service_that_keeps_restarting_is_noticed_before_the_deadline(engine: Engine) -> None:
    with service("--restart", "always", command="echo no licence; exit 3") as project:
        failure = failure_of(engine, project, 60)
    assert failure.happened in (
        "Service web keeps exiting and restarting.",
        "Service web exited with code 3.",
    )
    assert failure.details[-1] == "| no licence"


def test_a_service_that_runs_at_every_look_but_starts_again_in_between_is_noticed(engine: Engine) -> None:
    with service("--restart", "always", command="sleep 1; exit 3") as project:
        failure = failure_of(engine, project, 60)
    assert failure.happened in (
        "Service web keeps exiting and restarting.",
        "Service web exited with code 3.",
    )


def test_a_service_that_never_answers_fails_at_the_deadline(engine: Engine) -> None:
    check = ("--health-cmd", "sleep 100", "--health-interval", "1s", "--health-timeout", "100s")
    with service(*check, command="echo starting; sleep 60") as project:
        failure = failure_of(engine, project, 1)
    assert failure.happened == "Not healthy after 1 s: web."
    assert failure.details[-1] == "| starting"


def test_a_service_without_a_container_is_named(engine: Engine) -> None:
    assert failure_of(engine, "no-such-project", 0.1).happened == "Not healthy after 0 s: web."
