"""Stories on a terminal of 80 columns, in colours where they are wanted."""

import io
import os
import pty
import re
import struct
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from typing import IO

import pytest
from rich.cells import cell_len

from installer.errors import Refused
from installer.screen.console import Console
from installer.screen.page import Page, page_of, wrapped
from installer.screen.progress import PlainProgress, bar
from installer.screen.waiting import Waiting, telling

ENGLISH = (
    "  Way back: a copy of the database's files (1.5 GiB) in the volume vault_data_airlock_20261128_235959"
)
KOREAN = "  되돌리는 길: 데이터베이스 파일(1.5 GiB)의 사본을 볼륨 vault_data_airlock_20261128_235959에 둡니다"


class Screen(io.StringIO):
    """A terminal that does not say how wide it is."""

    def isatty(self) -> bool:
        return True


@contextmanager
def terminal(columns: int) -> Iterator[IO[str]]:
    """A real one, whose other end nobody reads."""
    other, end = pty.openpty()
    ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(end, "w") as story:
        yield story
    os.close(other)


def test_a_terminal_says_how_wide_it_is_and_the_environment_knows_better() -> None:
    with terminal(93) as story:
        assert page_of(story, {"TERM": "xterm"}) == Page(93, True, True, True)
        assert page_of(story, {"TERM": "xterm", "COLUMNS": "60"}).columns == 60
    assert page_of(Screen(), {"TERM": "xterm"}).columns == 80
    assert page_of(io.StringIO(), {"TERM": "xterm", "COLUMNS": "60"}) == Page(110, False, False, False)


@pytest.mark.parametrize(
    ("environment", "coloured", "moving"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({}, False, False),
    ],
)
def test_colours_and_movement_are_for_a_terminal_that_wants_them(
    environment: dict[str, str], coloured: bool, moving: bool
) -> None:
    page = page_of(Screen(), environment)
    assert (page.is_coloured, page.is_moving) == (coloured, moving)


@pytest.mark.parametrize("line", [ENGLISH, KOREAN])
def test_a_long_line_is_wrapped_between_words_and_hangs(line: str) -> None:
    pieces = list(wrapped(line, 60))
    assert len(pieces) > 1
    assert all(cell_len(piece) <= 60 for piece in pieces)
    assert " ".join(piece.strip() for piece in pieces) == line.strip()
    assert [len(piece) - len(piece.lstrip()) for piece in pieces] == [2, *[4] * (len(pieces) - 1)]


def test_a_word_that_is_too_wide_stays_whole_so_that_it_can_be_copied() -> None:
    path = "/srv/" + "very-" * 20 + "long"
    assert list(wrapped(f"Old directory: {path} stays", 40)) == ["Old directory:", f"  {path}", "  stays"]


def test_what_fits_is_left_alone_with_all_its_blanks() -> None:
    assert list(wrapped("name      value   ", 40)) == ["name      value   "]
    assert list(wrapped("", 40)) == [""]


def test_the_screen_wraps_and_the_log_keeps_whole_lines_without_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    story = Screen()
    console = Console(story=story)
    with console.logging_to(tmp_path / "log"):
        console.warn(KOREAN.strip())
        console.problem(Refused("No.", details=["why"]))
        console.table(("Result", "Check"), [("failed", "x" * 20 + " " + "y " * 40)], levels=["failed"])
        with console.step(4, 12, "Load"):
            pass
    shown = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in story.getvalue().splitlines()]
    assert max(map(cell_len, shown)) <= 60
    assert "\x1b[33mWarning: " in story.getvalue()
    assert "\x1b[31mError: No.\x1b[0m\n  why\n" in story.getvalue()
    assert "\x1b[31mfailed\x1b[0m" in story.getvalue()
    assert re.search(r"        \x1b\[32mdone \(0\.0 s\)\x1b\[0m\n", story.getvalue())
    log = (tmp_path / "log").read_text()
    assert f"Warning: {KOREAN.strip()}\n" in log
    assert "\x1b" not in log


def test_a_line_moves_while_something_is_waited_for_and_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    story = Screen()
    console = Console(story=story)
    with console.logging_to(tmp_path / "log"), console.waiting("Waiting for db") as now:
        _until(story, "Waiting for db (0 s)")
        now("Waiting for web")
        _until(story, "Waiting for web")
        console.say("told meanwhile")
    assert "\r\x1b[Ktold meanwhile\n" in story.getvalue()
    assert story.getvalue().endswith("\r\x1b[K")
    assert [line.split(" ", 1)[1] for line in (tmp_path / "log").read_text().splitlines()] == [
        "told meanwhile"
    ]


def test_without_a_terminal_a_plain_line_says_now_and_then_what_is_waited_for() -> None:
    story = io.StringIO()
    with telling(Waiting("Waiting for db"), lambda line: print(line, file=story), every_seconds=0.01):
        _until(story, "Waiting for db (0 s)\n")


def _until(story: io.StringIO, words: str) -> None:
    for _attempt in range(500):
        if words in story.getvalue():
            return
        time.sleep(0.01)
    raise AssertionError(story.getvalue())


def test_the_bar_tells_bytes_in_binary_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    story = Screen()
    with bar(story, "Loading", 3 << 30) as advance:
        advance(3 << 29)
    assert "1.5 GiB / 3.0 GiB" in story.getvalue()
    assert not re.search(r"\d [kMG]B", story.getvalue())


def test_how_long_the_rest_takes_is_told_once_a_part_is_done() -> None:
    told: list[str] = []
    moments = iter((0.0, 10.0, 20.0))
    progress = PlainProgress(told.append, "Loading", 1000, lambda: next(moments))
    progress.advance(9)
    progress.advance(491)
    assert told == ["Loading: 9 B, 0 B/s", "Loading: 500 B, 25 B/s, 20 s left"]
