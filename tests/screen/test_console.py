import errno
import io
import json
import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO

import click
import pytest

from installer.errors import AirlockError, Declined, Refused
from installer.screen.console import Console, size


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(
    console: Console, story: io.StringIO, question: str = "Go ahead?", *, default: bool
) -> tuple[bool, str]:
    return console.confirm(question, default=default), story.getvalue()


def test_results_go_to_stdout_and_the_story_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    console.say("Loading")
    console.result("4 images")
    assert capsys.readouterr() == ("4 images\n", "Loading\n")


def test_a_problem_is_what_happened_details_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    Console().problem(
        Refused("Too little room.", details=["needed: 2.0 GiB", "free: 1.0 GiB"], hint="Make room.")
    )
    assert capsys.readouterr().err == (
        "Error: Too little room.\n  needed: 2.0 GiB\n  free: 1.0 GiB\n→ Make room.\n"
    )


@pytest.mark.parametrize(
    ("verbosity", "shown"),
    [
        ("quiet", "Warning: careful\n"),
        ("normal", "a\nWarning: careful\n"),
        ("verbose", "a\nb\nWarning: careful\n"),
    ],
)
def test_verbosity_decides_what_is_shown_but_never_hides_a_warning(verbosity: str, shown: str) -> None:
    story = io.StringIO()
    console = Console(story=story, verbosity=verbosity)  # type: ignore[arg-type]
    console.say("a")
    console.detail("b")
    console.warn("careful")
    assert story.getvalue() == shown


def test_the_log_holds_everything_also_what_is_not_shown(tmp_path: Path) -> None:
    console = Console(results=io.StringIO(), story=io.StringIO(), verbosity="quiet")
    path = tmp_path / ".airlock" / "airlock.log"
    with console.logging_to(path):
        console.say("a")
        console.detail("b")
        console.result("c\nd")
    console.say("after")
    lines = path.read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["a", "b", "c", "d"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_log_also_holds_the_error_that_ends_the_work_and_only_the_person_is_told_later(
    tmp_path: Path,
) -> None:
    story = io.StringIO()
    console = Console(story=story)
    with pytest.raises(Refused), console.logging_to(tmp_path / "log"):
        raise Refused("No.", details=["why"], hint="Go on.")
    lines = (tmp_path / "log").read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["Error: No.", "  why", "→ Go on."]
    assert story.getvalue() == ""


def kept_of(failure: BaseException, log: Path) -> list[str]:
    """What the log says of work that ends like this, without the times."""
    with pytest.raises(type(failure)), Console(story=io.StringIO()).logging_to(log):
        raise failure
    return [line.split(" ", 1)[1] for line in log.read_text().splitlines()]


def test_the_log_says_that_the_work_was_interrupted(tmp_path: Path) -> None:
    assert kept_of(KeyboardInterrupt(), tmp_path / "log") == ["Interrupted."]
    assert kept_of(click.Abort(), tmp_path / "prompt") == ["Interrupted."]


def test_the_log_holds_where_a_bug_was_met(tmp_path: Path) -> None:
    kept = kept_of(ZeroDivisionError("by zero"), tmp_path / "log")
    assert kept[:2] == ["Error: ZeroDivisionError: by zero", "Traceback (most recent call last):"]
    assert kept[-1] == "ZeroDivisionError: by zero"


def test_a_help_page_and_a_wrong_command_line_are_no_matter_for_the_log(tmp_path: Path) -> None:
    assert kept_of(click.exceptions.Exit(), tmp_path / "help") == []
    assert kept_of(click.UsageError("No such option"), tmp_path / "usage") == []


def test_two_logs_hold_the_same(tmp_path: Path) -> None:
    console = Console(story=io.StringIO())
    with console.logging_to(tmp_path / "outer"):
        with pytest.raises(Refused), console.logging_to(tmp_path / "inner"):
            console.say("a")
            raise Refused("No.")
        console.say("after")
    outer, inner = ((tmp_path / name).read_text().splitlines() for name in ("outer", "inner"))
    assert [line.split(" ", 1)[1] for line in inner] == ["a", "Error: No."]
    assert [line.split(" ", 1)[1] for line in outer] == ["a", "after"]


def test_a_bug_leaves_its_traceback_in_the_log_and_one_line_on_the_screen(tmp_path: Path) -> None:
    story = io.StringIO()
    console = Console(story=story)
    with console.logging_to(tmp_path / "log"):
        try:
            raise ZeroDivisionError("by zero")
        except ZeroDivisionError as bug:
            console.failure(bug)
    assert story.getvalue() == "Error: ZeroDivisionError: by zero\n"
    assert "Traceback (most recent call last):" in (tmp_path / "log").read_text()


@pytest.mark.parametrize("default", [True, False])
def test_without_a_terminal_nobody_is_asked_and_the_default_is_taken(default: bool) -> None:
    console = Console(story=io.StringIO(), answers=io.StringIO("n\n" if default else "y\n"))
    assert console.confirm("Go ahead?", default=default) is default


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_after_no_nothing_was_changed_is_told_plainly(typed: str) -> None:
    story = Terminal()
    console = Console(story=story, answers=Terminal(typed))
    with pytest.raises(Declined) as declined:
        console.expect_yes("Go back?", hint="./airlock rollback --yes")
    console.problem(declined.value)
    assert story.getvalue() == "Go back? [y/N] Nothing was changed.\n"
    assert declined.value.exit_code == 3


def test_where_nobody_can_be_asked_the_refusal_says_how_to_agree_beforehand() -> None:
    with pytest.raises(Refused) as refused:
        Console(story=io.StringIO(), answers=io.StringIO("y\n")).expect_yes("Go?", hint="--yes")
    assert str(refused.value) == "Not confirmed: nothing was changed.\n--yes"


@pytest.mark.parametrize(
    "console", [Console(answers=Terminal("y\n"), story=Terminal()), Console(assume_yes=True)]
)
def test_who_agrees_goes_on(console: Console) -> None:
    console.expect_yes("Go?", hint="--yes")


def test_some_things_need_a_yes_of_their_own() -> None:
    refusal = Refused("Not accepted.", hint="--accept")
    Console(answers=Terminal("y\n"), story=Terminal()).expect_own_yes("Really?", refusal)
    with pytest.raises(Declined):
        Console(answers=Terminal("\n"), story=Terminal()).expect_own_yes("Really?", refusal)
    for console in (
        Console(answers=Terminal("y\n"), story=Terminal(), assume_yes=True),
        Console(answers=io.StringIO("y\n"), story=io.StringIO()),
    ):
        with pytest.raises(Refused) as refused:
            console.expect_own_yes("Really?", refusal)
        assert refused.value is refusal


def test_yes_in_advance_answers_every_question() -> None:
    assert Console(story=io.StringIO(), assume_yes=True).confirm("Go ahead?", default=False) is True


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [
        ("y\n", False, True),
        ("네\n", False, True),
        ("NO\n", True, False),
        ("\n", True, True),
        ("\n", False, False),
    ],
)
def test_answers_are_understood_in_both_languages(typed: str, default: bool, answer: bool) -> None:
    story = Terminal()
    console = Console(story=story, answers=Terminal(typed))
    assert console.confirm("Go ahead?", default=default) is answer
    assert story.getvalue() == f"Go ahead? {'[Y/n]' if default else '[y/N]'} "


@pytest.mark.parametrize("default", [True, False])
def test_at_the_end_of_input_the_default_is_taken(default: bool) -> None:
    console = Console(story=Terminal(), answers=Terminal(""))
    assert console.confirm("Go?", default=default) is default


class Gone(Terminal):
    """A terminal whose window was closed: it is asked, but neither takes nor gives a word."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")

    def readline(self, size: int = -1) -> str:  # type: ignore[override]
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("default", [True, False])
def test_a_terminal_that_goes_away_at_a_question_takes_the_default(default: bool) -> None:
    assert Console(story=Gone(), answers=Gone()).confirm("Go?", default=default) is default


def test_progress_goes_on_without_its_terminal() -> None:
    with Console(story=Gone()).progress("Loading", 100) as advance:
        advance(50)


def test_a_line_replaces_the_progress_bar_which_is_shown_again_below() -> None:
    story = Terminal()
    console = Console(story=story)
    with console.progress("Loading", 100):
        console.say("Waiting.")
    console.say("Done.")
    assert "\r\x1b[KWaiting.\n" in story.getvalue()
    assert story.getvalue().endswith("Done.\n")
    assert "\x1b[KDone." not in story.getvalue()


def test_a_result_that_cannot_be_written_is_an_error() -> None:
    with pytest.raises(AirlockError) as failed:
        Console(results=Gone()).result("4 images")
    assert failed.value.happened == "The result cannot be written: Input/output error"


def test_words_amid_another_line_are_lost_rather_than_fatal() -> None:
    class Busy(io.StringIO):
        def write(self, text: str) -> int:
            raise RuntimeError("reentrant call inside <_io.BufferedWriter name='<stderr>'>")

    Console(story=Busy()).warn("Still going back.")


def test_an_answer_that_is_neither_is_asked_for_again() -> None:
    story = Terminal()
    console = Console(story=story, answers=Terminal("what\ny\n"))
    assert console.confirm("Go?", default=False) is True
    assert story.getvalue() == "Go? [y/N] Go? [y/N] "


def test_json_keeps_korean_readable(capsys: pytest.CaptureFixture[str]) -> None:
    Console().json({"title": "고객 금고"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"title": "고객 금고"}
    assert "고객 금고" in out


def test_columns_stay_aligned_under_double_width_letters() -> None:
    story = io.StringIO()
    Console(story=story).table(("check", "result"), (("디스크", "ok"), ("port", "failed")))
    lines = story.getvalue().splitlines()
    assert [line.strip() for line in lines] == [
        "check    result",
        "─────────────────",
        "디스크   ok",
        "port     failed",
    ]


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB"), (3 << 40, "3.0 TiB")],
)
def test_sizes_are_in_binary_thousands(size_bytes: int, words: str) -> None:
    assert size(size_bytes) == words


def test_a_full_disk_does_not_stop_the_work_that_is_logged() -> None:
    story = io.StringIO()
    console = Console(story=story)
    with console.logging_to(Path("/dev/full")):
        console.say("the work goes on")
    assert story.getvalue() == "the work goes on\n"


def test_a_terminal_that_is_gone_does_not_stop_the_work(tmp_path: Path) -> None:
    nobody, end = os.pipe()
    os.close(nobody)
    gone = os.fdopen(end, "w")
    with Console(story=gone).logging_to(tmp_path / "log"):
        Console(story=gone).say("to nobody")
    with suppress(BrokenPipeError):
        gone.close()


def test_a_log_that_cannot_be_opened_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "airlock.log"
    with pytest.raises(Refused) as refused, Console().logging_to(path):
        pass
    assert (refused.value.happened, refused.value.hint) == (
        f"The log {path} cannot be written: File exists.",
        "Run the command with sudo, or in a folder that you may write to.",
    )


@contextmanager
def a_terminal() -> Iterator[tuple[int, IO[str]]]:
    """A real terminal: the end where a person reads and types, and the program's."""
    screen, keyboard = pty.openpty()
    with os.fdopen(keyboard, "r+b", buffering=0) as raw, io.TextIOWrapper(raw, write_through=True) as both:
        yield screen, both
    os.close(screen)


@pytest.mark.parametrize(("default", "word"), [(True, "yes"), (False, "no")])
def test_a_question_that_nobody_answers_takes_the_default_and_says_so(default: bool, word: str) -> None:
    with a_terminal() as (screen, both):
        console = Console(story=both, answers=both, answer_seconds=0.3)
        assert console.confirm("Go ahead?", default=default) is default
        both.write("end")
        shown = b""
        while not shown.endswith(b"end"):
            shown += os.read(screen, 1 << 16)
    assert f"No answer for 0 minutes: that counts as {word}.\r\n" in shown.decode()


def test_an_answer_that_comes_late_but_in_time_counts() -> None:
    with a_terminal() as (screen, both):
        Timer(0.3, os.write, (screen, b"y\n")).start()
        assert Console(story=both, answers=both, answer_seconds=10).confirm("Go ahead?", default=False)
