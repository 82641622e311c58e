"""Signals, sent by the process to itself, so that each comes at a known line."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest

from installer.system.process.signals import (
    failure_of,
    held_back,
    interrupt_on_signals,
    interruptible,
    outlasting_terminal,
    saying_once,
    uninterrupted,
)

ALL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def send(number: signal.Signals = signal.SIGINT) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ALL)
def test_no_signal_reaches_what_must_be_finished(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with uninterrupted():
        send(number)
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("number", ALL)
def test_the_first_signal_interrupts_and_the_next_ones_only_explain(number: signal.Signals) -> None:
    said: list[str] = []
    interrupt_on_signals(lambda: said.append("cleaning up"))
    with pytest.raises(KeyboardInterrupt):
        try:
            send(number)
        finally:
            for _time in range(4):
                send(number)
            said.append("cleaned up")
    assert said == [*["cleaning up"] * 4, "cleaned up"]


def test_after_an_interruption_that_was_dealt_with_the_next_signal_interrupts_again() -> None:
    interrupt_on_signals()
    for _time in range(2):
        with pytest.raises(KeyboardInterrupt):
            send()


@pytest.mark.parametrize("number", ALL)
def test_what_must_not_be_half_done_is_finished_and_then_interrupted(number: signal.Signals) -> None:
    done: list[str] = []
    interrupt_on_signals()
    with pytest.raises(KeyboardInterrupt):
        with held_back():
            send(number)
            done.append("finished")
        done.append("went on")
    assert done == ["finished"]


def test_clean_up_after_an_interruption_explains_at_once() -> None:
    said: list[str] = []
    interrupt_on_signals(lambda: said.append("cleaning up"))
    with pytest.raises(KeyboardInterrupt):
        try:
            send()
        finally:
            with held_back():
                send()
                said.append("removed")
    assert said == ["cleaning up", "removed"]


def test_what_failed_is_said_rather_than_the_signal_that_came_meanwhile() -> None:
    interrupt_on_signals()
    with pytest.raises(KeyError), held_back():
        send()
        raise KeyError


def test_a_closed_terminal_ends_nothing_but_ctrl_c_does() -> None:
    interrupt_on_signals()
    with outlasting_terminal():
        send(signal.SIGHUP)
        with pytest.raises(KeyboardInterrupt):
            send(signal.SIGINT)


def test_a_question_can_be_interrupted_where_the_work_around_it_cannot() -> None:
    with uninterrupted():
        with pytest.raises(KeyboardInterrupt), interruptible():
            send()
        send()


def test_a_signal_after_the_last_line_changes_nothing() -> None:
    interrupt_on_signals()
    assert failure_of(lambda: None) is None
    for number in ALL:
        send(number)


def test_what_ended_the_work_is_returned_and_nothing_interrupts_what_follows() -> None:
    interrupt_on_signals()
    assert isinstance(failure_of(send), KeyboardInterrupt)
    for number in ALL:
        send(number)


def test_work_that_ends_for_good_inside_something_uninterrupted_stays_so() -> None:
    interrupt_on_signals()
    with uninterrupted():
        failure_of(lambda: None)
    send()


def test_an_explanation_is_said_again_only_when_it_changed() -> None:
    said: list[str] = []
    lines = iter(("2 left", "2 left", "1 left"))
    explain = saying_once(said.append, lambda: next(lines))
    for _time in range(3):
        explain()
    assert said == ["2 left", "1 left"]


def test_another_thread_holds_nothing_back() -> None:
    failures: list[BaseException | None] = []

    def work() -> None:
        with held_back(), uninterrupted():
            failures.append(None)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert failures == [None]


# Real processes: the start and the end of Python

ENDS = "import sys; from installer.commands.endings.exit_code import end_on_signals, end_with; "


def exit_code_of(words: Sequence[str], **streams: int) -> int:
    root = Path(__file__).parents[3]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run((sys.executable, "-c", *words), cwd=root, env=buffered, check=False, **streams)
    return done.returncode


@pytest.mark.parametrize("number", ALL)
def test_a_signal_before_anything_begun_ends_as_interrupted_without_a_traceback(
    number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of((f"{ENDS} end_on_signals(); import os; os.kill(os.getpid(), {number})",)) == 130
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("number", ALL)
def test_a_signal_while_python_ends_does_not_change_the_exit_code(number: signal.Signals) -> None:
    at_exit = f"import atexit, os; atexit.register(lambda: os.kill(os.getpid(), {number}))"
    assert exit_code_of((f"{ENDS} {at_exit}; end_with(0)",)) == 0


def test_output_that_nobody_reads_any_more_does_not_change_the_exit_code() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code = f"{ENDS} print('lost'); end_with(6)"
    assert exit_code_of((code,), stdout=writer) == 6
    os.close(writer)
