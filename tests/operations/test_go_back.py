import io
import os
import signal
from pathlib import Path

import pytest

from installer.console import Console
from installer.errors import AirlockError, FailedAndRestored, Interrupted, Stuck
from installer.operations.go_back import go_back, outcome_of, uninterrupted
from installer.workflow.journal import Journal, begin_run
from installer.workflow.step import Step


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return begin_run(tmp_path, "run", b"{}")


def quiet() -> Console:
    return Console(story=io.StringIO())


def caused_by(cause: BaseException) -> AirlockError:
    failure = AirlockError("The migration was interrupted.")
    failure.__cause__ = cause
    return failure


def test_what_failed_and_what_was_interrupted_end_differently() -> None:
    failures = (AirlockError("x"), KeyError("y"), KeyboardInterrupt(), caused_by(KeyboardInterrupt()))
    assert [type(outcome_of(failure)) for failure in failures] == [
        FailedAndRestored,
        FailedAndRestored,
        Interrupted,
        Interrupted,
    ]


def test_a_way_back_that_succeeds_ends_the_run_as_restored(journal: Journal) -> None:
    undone: list[str] = []
    journal.started("stop")
    go_back((Step("stop", "Stop", str, lambda: undone.append("stop")),), journal, quiet(), "x")
    assert (undone, journal.end()) == (["stop"], "restored")


def test_a_way_back_that_fails_says_both_reasons_and_ends_the_run_as_stuck(journal: Journal) -> None:
    def fail() -> None:
        raise AirlockError("The engine is gone.")

    journal.started("stop")
    with pytest.raises(Stuck) as stuck:
        go_back((Step("stop", "Stop", str, fail),), journal, quiet(), "The disk is full.")
    assert stuck.value.details == ("First: The disk is full.", "Then: The engine is gone.")
    assert journal.end() == "stuck"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_no_signal_reaches_what_must_be_finished(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with uninterrupted():
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before
