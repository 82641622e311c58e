"""Checks that the `docker` command and Compose can use the engine that Airlock itself asks by its API."""

import re
from collections.abc import Iterator

from installer.operations.preflight.findings.finding import Finding, failed
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.docker.docker_command import ask_docker
from installer.system.process.process import Completed
from installer.text import _

LIST_ONE = ("docker", "ps", "--quiet", "--last", "1")
LIST_PROJECTS = ("docker", "compose", "ls", "--quiet")
SHOW_ID = ("docker", "info", "--format", "{{.ID}}")
TOO_OLD = re.compile(r"client version \S+ is too old")


def check_command_line(around: Surroundings) -> Iterator[Finding]:
    """Asks both for something that only the engine knows; finds nothing if both get their answers.

    `docker info` comes last: it does not say why an engine refused the request.
    """
    refusals = (*judge_docker(ask_docker(LIST_ONE)), *judge_compose(ask_docker(LIST_PROJECTS)))
    yield from refusals
    if not refusals:
        yield from judge_identity(ask_docker(SHOW_ID).stdout.strip(), around.engine.identity())


def judge_docker(asked: Completed) -> Iterator[Finding]:
    """Judges whether the `docker` command got an answer."""
    if asked.exit_code:
        yield _refused("docker", asked, _("Update Docker on this machine."))


def judge_compose(asked: Completed) -> Iterator[Finding]:
    """Judges whether Compose got an answer."""
    if asked.exit_code:
        yield _refused("docker compose", asked, _("Update the Compose plugin on this machine."))


def judge_identity(theirs: str, ours: str) -> Iterator[Finding]:
    """Compares the ID of the engine that the `docker` command shows with the ID that Airlock was told."""
    if theirs != ours:
        yield failed(
            _("The `docker` command uses another engine than Airlock."),
            [_("Engine of the command: {theirs}; of Airlock: {ours}", theirs=theirs, ours=ours)],
            hint=_("Use the engine of this machine: unset DOCKER_HOST; docker context use default"),
        )


def _refused(command: str, asked: Completed, update: str) -> Finding:
    if TOO_OLD.search(asked.stderr):
        title = _("`{command}` is too old for this Docker engine.", command=command)
        return failed(title, asked.stderr.strip().splitlines(), hint=update)
    return failed(
        _("`{command}` cannot use the Docker engine.", command=command),
        asked.stderr.strip().splitlines(),
        hint=_("Check whether it answers: {command}", command=" ".join(asked.argv)),
    )
