import errno
import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import AirlockError
from installer.screen.console import Console
from installer.workflow.journal import Journal, begin_run
from installer.workflow.step import Step, run_steps, undo_steps


class Broken(Exception):
    pass


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return begin_run(tmp_path, "run", b"{}")


@pytest.fixture
def console() -> Console:
    return Console(story=io.StringIO())


def steps_that_fail_at(position: int, count: int, done: list[str]) -> tuple[Step, ...]:
    def do(number: int) -> Callable[[], str]:
        def act() -> str:
            done.append(f"do {number}")
            if number == position:
                raise Broken
            return "done"

        return act

    return tuple(
        Step(f"step-{n}", f"Step {n}", do(n), lambda n=n: done.append(f"undo {n}")) for n in range(count)
    )


@pytest.mark.parametrize("failing", range(4))
def test_a_failing_step_is_undone_with_all_before_it_last_first(
    failing: int, journal: Journal, console: Console
) -> None:
    done: list[str] = []
    steps = steps_that_fail_at(failing, 4, done)
    with pytest.raises(Broken):
        run_steps(steps, first=1, total=4, journal=journal, console=console)
    undo_steps(steps, journal=journal, console=console)
    forth = [f"do {number}" for number in range(failing + 1)]
    back = [f"undo {number}" for number in reversed(range(failing + 1))]
    assert done == forth + back


def test_undoing_twice_undoes_nothing_more(journal: Journal, console: Console) -> None:
    done: list[str] = []
    steps = steps_that_fail_at(1, 3, done)
    with pytest.raises(Broken):
        run_steps(steps, first=1, total=3, journal=journal, console=console)
    undo_steps(steps, journal=journal, console=console)
    undo_steps(steps, journal=journal, console=console)
    assert done == ["do 0", "do 1", "undo 1", "undo 0"]


def test_an_undo_that_fails_is_begun_again_by_the_next_attempt(journal: Journal, console: Console) -> None:
    attempts: list[str] = []

    def undo() -> None:
        attempts.append("undo")
        if len(attempts) == 1:
            raise Broken

    steps = (Step("only", "Only", lambda: "done", undo),)
    run_steps(steps, first=1, total=1, journal=journal, console=console)
    with pytest.raises(Broken):
        undo_steps(steps, journal=journal, console=console)
    undo_steps(steps, journal=journal, console=console)
    assert attempts == ["undo", "undo"]
    assert journal.begun() == frozenset()


def test_each_step_is_told_with_its_number_title_and_result(journal: Journal) -> None:
    story = io.StringIO()
    steps = (Step("load", "Load the images", lambda: "4 images loaded"),)
    run_steps(steps, first=4, total=12, journal=journal, console=Console(story=story))
    assert story.getvalue() == "[ 4/12] Load the images\n        4 images loaded (0.0 s)\n"


def test_a_journal_on_a_full_disk_does_not_stop_the_way_back(journal: Journal) -> None:
    story, undone = io.StringIO(), []
    steps = [Step(f"step-{n}", f"Step {n}", lambda: "done", lambda n=n: undone.append(n)) for n in range(2)]
    run_steps(steps, first=1, total=2, journal=journal, console=Console(story=io.StringIO()))
    undo_steps(steps, journal=FullJournal(journal.folder), console=Console(story=story))
    assert undone == [1, 0]
    assert "Warning: The journal cannot be written: No space left on device" in story.getvalue()


class FullJournal(Journal):
    def undone(self, step: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Away(AirlockError):
    exit_code = 3


@pytest.mark.parametrize(("failures", "is_worth", "did"), [(0, True, 1), (1, True, 2)])
def test_a_step_that_failed_for_a_moment_is_carried_out_once_more(
    failures: int, is_worth: bool, did: int, journal: Journal, console: Console
) -> None:
    attempts = failing_attempts(failures, journal, console, is_worth=is_worth)
    assert (len(attempts), journal.has_finished("only")) == (did, True)


@pytest.mark.parametrize(("failures", "is_worth", "did"), [(1, False, 1), (2, True, 2)])
def test_a_step_is_not_repeated_for_nothing_nor_for_ever(
    failures: int, is_worth: bool, did: int, journal: Journal, console: Console
) -> None:
    attempts: list[str] = []
    with pytest.raises(Away):
        failing_attempts(failures, journal, console, is_worth=is_worth, attempts=attempts)
    assert (len(attempts), journal.has_finished("only")) == (did, False)


def failing_attempts(
    failures: int, journal: Journal, console: Console, *, is_worth: bool, attempts: list[str] | None = None
) -> list[str]:
    """Runs a step that fails so many times."""
    made = [] if attempts is None else attempts

    def do() -> str:
        made.append("do")
        if len(made) <= failures:
            raise Away("The connection to the Docker engine was lost.")
        return "done"

    step = Step("only", "Only", do)
    run_steps(
        (step,),
        first=1,
        total=1,
        journal=journal,
        console=console,
        is_worth_repeating=lambda failure: is_worth,
    )
    return made


def test_a_resumed_run_leaves_finished_steps_alone_and_records_what_it_finds_done(
    journal: Journal, console: Console
) -> None:
    done: list[str] = []
    first, second, third = steps_that_fail_at(2, 3, done)
    with pytest.raises(Broken):
        run_steps((first, second, third), first=1, total=3, journal=journal, console=console)
    before = journal.events()
    seen = (replace(first, is_done=lambda: True), second, replace(third, is_done=lambda: True))
    run_steps(seen, first=1, total=3, journal=journal, console=console, resumes=True)
    assert done == ["do 0", "do 1", "do 2", "do 1"]
    assert [(event.what, event.name) for event in journal.events()[len(before) :]] == [
        ("started", "step-1"),
        ("finished", "step-1"),
        ("started", "step-2"),
        ("finished", "step-2"),
    ]
