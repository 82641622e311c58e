from installer.operations.preflight.findings.finding import warning
from installer.operations.preflight.old.old_condition import judge_services, judge_smoke


def test_services_that_do_not_run_properly_are_a_warning_with_their_last_words() -> None:
    trouble = {"proxy": "Restarting (1)", "worker": "Exited (3)"}
    said = {"proxy": ["nginx: [emerg] unknown directive"], "worker": []}
    assert list(judge_services(trouble, said)) == [
        warning(
            "Services of the old release do not run properly; a rollback would not change that.",
            ["proxy: Restarting (1)", "| nginx: [emerg] unknown directive", "worker: Exited (3)"],
            hint="Fix them first if you can. Run: docker compose ps --all; docker compose logs --tail 50",
        )
    ]


def test_an_old_release_that_does_not_answer_is_a_warning() -> None:
    assert list(judge_smoke("Connection refused")) == [
        warning(
            "The old release does not answer its own smoke check; a rollback would not change that.",
            ["Connection refused"],
        )
    ]


def test_nothing_is_said_of_one_that_runs_and_answers_or_has_no_check() -> None:
    assert [*judge_services({}, {}), *judge_smoke(""), *judge_smoke(None)] == []
