"""The `docker` command and Compose beside an engine that does not take what they ask."""

from installer.operations.preflight.findings.finding import failed
from installer.operations.preflight.host.command_line_engine import (
    LIST_ONE,
    LIST_PROJECTS,
    judge_compose,
    judge_docker,
    judge_identity,
)
from installer.system.process.process import Completed

OLD = (
    "Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44, "
    "please upgrade your client to a newer version"
)


def test_nothing_is_said_if_both_get_their_answers() -> None:
    assert list(judge_docker(Completed(LIST_ONE, 0, "aabb\n", "a warning\n"))) == []
    assert list(judge_compose(Completed(LIST_PROJECTS, 0, "vault\n", ""))) == []
    assert list(judge_identity("aa-bb", "aa-bb")) == []


def test_a_command_of_another_engine_fails() -> None:
    assert list(judge_identity("other", "aa-bb")) == [
        failed(
            "The `docker` command uses another engine than Airlock.",
            ["Engine of the command: other; of Airlock: aa-bb"],
            hint="Use the engine of this machine: unset DOCKER_HOST; docker context use default",
        )
    ]


def test_a_program_that_is_older_than_the_engine_accepts_fails() -> None:
    assert list(judge_docker(Completed(LIST_ONE, 1, "", f"{OLD}\n"))) == [
        failed("`docker` is too old for this Docker engine.", [OLD], hint="Update Docker on this machine.")
    ]
    assert list(judge_compose(Completed(LIST_PROJECTS, 1, "", f"{OLD}\n"))) == [
        failed(
            "`docker compose` is too old for this Docker engine.",
            [OLD],
            hint="Update the Compose plugin on this machine.",
        )
    ]


def test_a_program_that_gets_no_answer_for_another_reason_fails_with_it() -> None:
    assert list(judge_compose(Completed(LIST_PROJECTS, 1, "", "permission denied\n"))) == [
        failed(
            "`docker compose` cannot use the Docker engine.",
            ["permission denied"],
            hint="Check whether it answers: docker compose ls --quiet",
        )
    ]
