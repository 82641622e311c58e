"""Checks whether the old release runs properly: a rollback does not fix what failed before."""

from collections.abc import Iterator, Mapping, Sequence

from installer.operations.preflight.findings.finding import Finding, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.running.troubled_services import troubled
from installer.site.starting.container_log import last_lines
from installer.text import _


def check_old_condition(around: Surroundings) -> Iterator[Finding]:
    """Checks its services, with their last log lines, and its smoke check; finds nothing if all is well."""
    installation, previous = around.situation.installation, around.situation.plan.previous
    if installation is None or previous is None:
        return
    trouble = troubled(installation.containers, around.now)
    said = {service: _last_words(around, service) for service in trouble}
    yield from judge_services(trouble, said)
    yield from judge_smoke(previous.smoke_problem)


def judge_services(trouble: Mapping[str, str], said: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Judges its services. `trouble` is by service, as `docker ps` says it; `said` the last log lines."""
    if trouble:
        lines = [
            (f"{service}: {trouble[service]}", *(f"| {line}" for line in said[service]))
            for service in trouble
        ]
        yield warning(
            _("Services of the old release do not run properly; a rollback would not change that."),
            [line for one in lines for line in one],
            hint=_("Fix them first if you can. Run: docker compose ps --all; docker compose logs --tail 50"),
        )


def judge_smoke(problem: str | None) -> Iterator[Finding]:
    """Judges whether the old release answers."""
    if problem:
        yield warning(
            _("The old release does not answer its own smoke check; a rollback would not change that."),
            [problem],
        )


def _last_words(around: Surroundings, service: str) -> tuple[str, ...]:
    installation = around.situation.installation
    assert installation is not None
    container = installation.container_of(service)
    return last_lines(around.engine, container, 1) if container else ()
