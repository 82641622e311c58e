from datetime import datetime, timezone

from installer.site.running.troubled_services import troubled
from tests.operations.preflight.containers import a_container

NOW = datetime(2026, 11, 22, 2, 3, 34, tzinfo=timezone.utc)  # half a minute after they were started


def test_services_in_trouble_are_named_as_docker_ps_names_them() -> None:
    containers = (
        a_container("web", health="healthy"),
        a_container("slow", health="starting"),
        a_container("proxy", state="restarting", exit_code=1),
        a_container("frozen", state="paused"),
        a_container("worker", state="exited", exit_code=3),
        a_container("job", state="exited"),
        a_container("ill", health="unhealthy"),
        a_container("shell", one_off=True, state="exited", exit_code=3),
    )
    assert troubled(containers, NOW) == {
        "frozen": "Paused",
        "ill": "unhealthy",
        "proxy": "Restarting (1)",
        "worker": "Exited (3)",
    }


def test_a_program_that_ends_again_and_again_is_seen_through_while_it_runs() -> None:
    crashing = a_container("proxy", restarts=7)
    assert troubled([crashing], NOW) == {"proxy": "Restarting"}


def test_a_crash_of_long_ago_is_no_trouble_today() -> None:
    assert troubled([a_container("proxy", restarts=7, started="2025-11-22T02:03:04Z")], NOW) == {}
    assert troubled([a_container("proxy")], NOW) == {}


def test_a_container_that_has_ended_does_not_count_beside_one_that_runs() -> None:
    ended, running = a_container("web", name="1", state="exited", exit_code=3), a_container("web", name="2")
    assert troubled([ended, running], NOW) == {}
