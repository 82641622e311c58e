import io
import os
import signal
from pathlib import Path

import pytest

from installer.errors import AirlockError, FailedAndRestored, Interrupted, Stuck
from installer.operations.way_back.compare_with_before import Afterwards
from installer.operations.way_back.undo_run import Before, outcome_of, undo_run
from installer.screen.console import Console
from installer.workflow.journal import Journal, begin_run
from installer.workflow.step import Step


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return begin_run(tmp_path, "run", b"{}")


def quiet() -> Console:
    return Console(story=io.StringIO())


def there() -> bool:
    """An engine that answers."""
    return True


def nothing() -> None:
    """A site on which everything runs that shall run."""


def caused_by(cause: BaseException) -> AirlockError:
    failure = AirlockError("The migration was interrupted.")
    failure.__cause__ = cause
    return failure


def test_what_failed_and_what_was_interrupted_end_differently() -> None:
    failures = (AirlockError("x"), KeyError("y"), KeyboardInterrupt(), caused_by(KeyboardInterrupt()))
    assert [type(outcome_of(failure, ())) for failure in failures] == [
        FailedAndRestored,
        FailedAndRestored,
        Interrupted,
        Interrupted,
    ]


def test_a_way_back_that_succeeds_ends_the_run_as_restored(journal: Journal) -> None:
    undone: list[str] = []
    journal.started("stop")
    undo_run(
        (Step("stop", "Stop", str, lambda: undone.append("stop")),),
        journal,
        quiet(),
        "x",
        engine_answers=there,
        make_sure=nothing,
    )
    assert (undone, journal.end()) == (["stop"], "restored")


def test_a_way_back_that_fails_says_both_reasons_and_ends_the_run_as_stuck(journal: Journal) -> None:
    def fail() -> None:
        raise AirlockError("The engine is gone.")

    journal.started("stop")
    with pytest.raises(Stuck) as stuck:
        undo_run(
            (Step("stop", "Stop", str, fail),),
            journal,
            quiet(),
            "The disk is full.",
            engine_answers=there,
            make_sure=nothing,
        )
    assert stuck.value.details == ("First: The disk is full.", "Then: The engine is gone.")
    assert journal.end() == "stuck"


def test_a_way_back_that_met_an_engine_being_restarted_is_gone_a_second_time(journal: Journal) -> None:
    answers = iter([True, False, True])
    undone: list[str] = []

    def undo() -> None:
        undone.append("stop")
        if len(undone) == 1:
            raise AirlockError("The connection to the Docker engine was lost.")

    journal.started("stop")
    story = io.StringIO()
    steps = (Step("stop", "Stop", str, undo),)
    undo_run(
        steps, journal, Console(story=story), "x", engine_answers=lambda: next(answers), make_sure=nothing
    )
    assert (undone, journal.end()) == (["stop", "stop"], "restored")
    assert "Waiting for the Docker engine to answer again." in story.getvalue()


def test_a_way_back_ends_when_it_was_made_sure_that_all_runs_again(journal: Journal) -> None:
    seen: list[str | None] = []
    steps = (Step("keep", "Keep", str, lambda: seen.append("undone")),)
    journal.started("keep")
    undo_run(steps, journal, quiet(), "x", engine_answers=there, make_sure=lambda: seen.append(journal.end()))
    assert (seen, journal.end()) == (["undone", None], "restored")


def test_data_that_differs_from_the_backup_is_not_called_as_it_was() -> None:
    outcome = outcome_of(AirlockError("The disk is full."), ("users: 3 rows instead of 2",))
    assert outcome.happened == (
        "The import failed. The old release runs again, but its database differs from the backup."
    )
    assert (outcome.exit_code, outcome.details) == (6, ("The disk is full.", "users: 3 rows instead of 2"))


def test_a_release_that_does_not_run_as_before_is_not_called_as_it_was() -> None:
    worse = Afterwards(
        worse=("proxy was running before the import; now: Exited (1)",), lasting=("mail is ill",)
    )
    for failure in (AirlockError("The disk is full."), KeyboardInterrupt()):
        outcome = outcome_of(failure, (), afterwards=worse)
        assert (outcome.exit_code, outcome.happened) == (
            6,
            "The import failed. The old release is back with its data, but does not run as before.",
        )
        assert outcome.details[1:] == (*worse.worse, *worse.lasting)


def test_trouble_from_before_is_named_where_all_is_as_it_was() -> None:
    lasting = Afterwards(lasting=("mail did not run before",))
    failed = outcome_of(AirlockError("The disk is full."), (), afterwards=lasting)
    assert (failed.happened, failed.details) == (
        "The import failed. Everything is back as it was before.",
        ("The disk is full.", "mail did not run before"),
    )
    assert outcome_of(KeyboardInterrupt(), (), afterwards=lasting).details == ("mail did not run before",)


@pytest.mark.parametrize(
    ("before", "happened", "hint"),
    [
        (
            "running",
            "The import failed. Everything is back as it was before.",
            "No action needed: the old release is running."
            " Fix the cause (see the log), then run the import again.",
        ),
        (
            "stopped",
            "The import failed. Everything is back as it was before.",
            "Fix the cause (see the log), then run the import again.",
        ),
        (
            "none",
            "The import failed. The new installation was removed again.",
            "Fix the cause (see the log), then run the import again.",
        ),
    ],
)
def test_an_old_release_is_only_said_to_run_where_one_does(before: Before, happened: str, hint: str) -> None:
    failed = outcome_of(AirlockError("The disk is full."), (), before=before)
    assert (failed.happened, failed.hint) == (happened, hint)


def test_ctrl_c_during_a_way_back_is_told_once_how_far_it_is(journal: Journal) -> None:
    story = io.StringIO()

    def undo() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(os.getpid(), number)

    steps = tuple(Step(name, name.title(), str, undo) for name in ("stop", "carry"))
    for step in steps:
        journal.started(step.name)
    undo_run(steps, journal, Console(story=story), "x", engine_answers=there, make_sure=nothing)
    os.kill(os.getpid(), signal.SIGINT)  # too late to change anything
    assert [line for line in story.getvalue().splitlines() if "left" in line] == [
        "Warning: The rollback cannot be interrupted. 2 steps are left to undo; now: Carry",
        "Warning: The rollback cannot be interrupted. 1 step is left to undo; now: Stop",
    ]
    assert journal.end() == "restored"
