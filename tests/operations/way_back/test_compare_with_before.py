"""What is told of the old release once it is back: how it ran before, and how it runs now."""

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.operations.plan.import_plan import Previous
from installer.operations.way_back.compare_with_before import AS_BEFORE, Afterwards, judge_afterwards
from installer.system.docker.containers import Container
from tests.operations.preflight.containers import a_container

NOW = datetime(2026, 11, 22, 2, 3, 34, tzinfo=timezone.utc)  # half a minute after they were started


def before(smoke_problem: str | None = None, **trouble: str) -> Previous:
    """A release whose service db ran well and whose others had this trouble."""
    services = ("db", *trouble)
    return Previous(
        Path("/srv/old"),
        (),
        None,
        "2.1.1",
        running_services=services,
        healthy_services=("db",),
        images=(),
        trouble=tuple(trouble.items()),
        smoke_problem=smoke_problem,
    )


def test_a_release_that_runs_as_before_gives_nothing_to_tell() -> None:
    assert judge_afterwards(before(""), [a_container("db", restarts=1)], NOW, "") == AS_BEFORE


@pytest.mark.parametrize(
    ("containers", "now"),
    [
        ((), "-"),
        ((a_container("db", state="restarting", exit_code=1),), "Restarting (1)"),
        ((a_container("db", state="exited"),), "exited"),
        ((a_container("db", health="unhealthy"),), "unhealthy"),
    ],
)
def test_a_service_that_ran_before_and_does_not_now_is_worse(
    containers: tuple[Container, ...], now: str
) -> None:
    assert judge_afterwards(before(), containers, NOW, None) == Afterwards(
        worse=(f"db was running before the import; now: {now}",)
    )


def test_one_of_several_containers_that_runs_is_enough() -> None:
    ended = a_container("db", name="1", state="exited", exit_code=1)
    assert judge_afterwards(before(), [ended, a_container("db", name="2")], NOW, None) == AS_BEFORE


def test_trouble_from_before_that_lasts_is_named_and_is_not_worse() -> None:
    containers = (a_container("db"), a_container("proxy", restarts=3), a_container("mail", health="healthy"))
    previous = before(proxy="Restarting (1)", mail="unhealthy")
    assert judge_afterwards(previous, containers, NOW, None) == Afterwards(
        lasting=("proxy did not run properly before the import either: Restarting (1); now: Restarting",)
    )


def test_jobs_that_had_ended_are_named_where_their_container_is_gone() -> None:
    previous = replace(before(), ended_services=("import", "setup"))
    containers = (a_container("db"), a_container("setup", state="exited"))
    assert judge_afterwards(previous, containers, NOW, None) == Afterwards(
        lasting=("Job import had ended before the import; its container was deleted.",)
    )


@pytest.mark.parametrize(
    ("previously", "now", "told"),
    [
        ("", "refused", Afterwards(worse=("The old release answered before the import; now: refused",))),
        (
            "refused",
            "timed out",
            Afterwards(lasting=("The old release did not answer before the import either: timed out",)),
        ),
        ("refused", "", AS_BEFORE),
        (None, "refused", AS_BEFORE),
        ("", None, AS_BEFORE),
    ],
)
def test_the_smoke_check_is_compared_with_what_it_said_before(previously, now, told) -> None:
    assert judge_afterwards(before(previously), [a_container("db")], NOW, now) == told
