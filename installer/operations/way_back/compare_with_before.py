"""Compares services and smoke check of the restored old release with how they were before the import."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from installer.errors import AirlockError
from installer.operations.plan.import_plan import Previous
from installer.operations.services.change_context import Change
from installer.operations.services.engine_returns import came_back
from installer.operations.services.old_smoke import old_smoke_problem
from installer.operations.steps.old_release_again import make_sure_it_runs
from installer.site.running.troubled_services import trouble_of, troubled
from installer.system.clock import utc_now
from installer.system.docker.docker import Container
from installer.text import _

LONGEST_SMOKE_SECONDS = 60.0
ABSENT = "-"


@dataclass(frozen=True)
class Afterwards:
    """Holds lines for the person: what is `worse` than before the import, and what else to know.

    `lasting` is trouble that existed before, and jobs whose ended containers were removed.
    """

    worse: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()


AS_BEFORE = Afterwards()


def compare_with_before(change: Change) -> Afterwards:
    """Checks the old release after the rollback; a check that fails counts as a difference.

    First starts it again if an engine that was killed in the last instant stopped it.
    """
    old, previous = change.old, change.plan.previous
    if old is None or previous is None:
        return AS_BEFORE
    try:
        came_back(change.engine.answers, change.console)
        make_sure_it_runs(change)
        containers = change.containers()
        answered = previous.smoke_problem == ""
        seconds = min(change.deadline_seconds, LONGEST_SMOKE_SECONDS) if answered else 0.0
        smoke = old_smoke_problem(old, deadline_seconds=seconds)
    except AirlockError as obstacle:
        return Afterwards((_("The comparison failed: {problem}", problem=obstacle.happened),))
    return judge_afterwards(previous, containers, utc_now(), smoke)


def judge_afterwards(
    previous: Previous, containers: Sequence[Container], now: datetime, smoke_problem: str | None
) -> Afterwards:
    """Compares with `before`. `smoke_problem` is the current answer: "" is success, None no check."""
    lasting = (
        *_lasting_services(previous, troubled(containers, now)),
        *_lasting_smoke(previous, smoke_problem),
        *_jobs_without_container(previous, containers),
    )
    return Afterwards(
        (*_worse_services(previous, containers), *_worse_smoke(previous, smoke_problem)), lasting
    )


def _worse_services(previous: Previous, containers: Sequence[Container]) -> Iterator[str]:
    """Finds services that run worse; one that crashed once while it started, and runs now, does not."""
    for service in previous.healthy_services:
        own = [one for one in containers if one.service == service]
        troubles = [trouble_of(one) or one.state for one in own if trouble_of(one) or not one.is_up]
        if not own or len(troubles) == len(own):
            now = troubles[0] if troubles else ABSENT
            yield _("{service} was running before the import; now: {now}", service=service, now=now)


def _jobs_without_container(previous: Previous, containers: Sequence[Container]) -> Iterator[str]:
    """Finds jobs of profiles without a container: Compose starts all others again with the release."""
    there = {one.service for one in containers}
    for service in previous.ended_services:
        if service not in there:
            yield _("Job {service} had ended before the import; its container was deleted.", service=service)


def _worse_smoke(previous: Previous, problem: str | None) -> Iterator[str]:
    if previous.smoke_problem == "" and problem:
        yield _("The old release answered before the import; now: {problem}", problem=problem)


def _lasting_services(previous: Previous, now: Mapping[str, str]) -> Iterator[str]:
    for service, before in previous.trouble:
        if service in now:
            values = {"service": service, "before": before, "now": now[service]}
            yield _("{service} did not run properly before the import either: {before}; now: {now}", **values)


def _lasting_smoke(previous: Previous, problem: str | None) -> Iterator[str]:
    if previous.smoke_problem and problem:
        yield _("The old release did not answer before the import either: {problem}", problem=problem)
