"""The statement that the server is at: which one, for how long, and when a person is told."""

import os
import pty
import select
import time
from collections.abc import Callable, Iterator
from io import StringIO

import pytest

from installer.bundle.sql.migrations import Migration
from installer.mariadb.migration.current_statement import AtWork, Now
from installer.screen.console import CLEARED, Console
from installer.screen.long_work import Teller, telling

SCRIPT = Migration(
    "20260301080000_slow",
    b"-- one\nINSERT INTO crates VALUES (1);\nCALL weigh();\n\n"
    b"ALTER TABLE crates\n  ADD weight INT;\nSELECT 1;",
)


class Clock:
    """Stands still until it is moved on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_statement_that_runs_is_named_with_its_line_and_its_age() -> None:
    clock = Clock()
    work = AtWork(clock)
    with work.at(SCRIPT):
        for rows in (1, None, None, 5):  # the call: two results and its end
            work.answers(rows)
        clock.seconds += 125
        assert work.now() == Now(3, 4, 5, "ALTER TABLE crates\n  ADD weight INT", 125.0)
        assert work.line() == (
            "Statement 3 of 4 (line 5), running for 2 min 5 s: ALTER TABLE crates ADD weight INT"
        )
        work.answers(0)
        assert work.line() == ""
        clock.seconds += 2
        assert work.line() == "Statement 4 of 4 (line 7), running for 2 s: SELECT 1"
        work.answers(None)
        clock.seconds += 2
        assert work.line() == ""
    assert work.line() == ""


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        (f"UPDATE crates SET label = '{'x' * 900}'", f"UPDATE crates SET label = '{'x' * 33} …"),
        ("SELECT '\x1b[31m'", "SELECT '\\x1b[31m'"),
        ("SELECT 1" + " " * 400 + ", 2", "SELECT 1 …"),
    ],
)
def test_a_long_or_hostile_statement_is_one_short_harmless_line(sql: str, shown: str) -> None:
    assert Now(1, 1, 1, sql, 2).words == f"Statement 1 of 1 (line 1), running for 2 s: {shown}"


def ages_told(seconds: Iterator[int], clock: Clock, teller: Teller, told: list[str]) -> list[int]:
    """The seconds at which something was told."""
    ages = []
    for clock.seconds in seconds:
        count = len(told)
        teller.look()
        if len(told) > count:
            ages.append(int(clock.seconds))
    return ages


def test_a_statement_is_told_more_and_more_rarely_and_the_next_one_anew() -> None:
    clock, told = Clock(), list[str]()
    work = AtWork(clock)
    teller = Teller(work, told.append)
    with work.at(SCRIPT):
        hours = ages_told(iter(range(4000)), clock, teller, told)
        assert hours == [10, 30, 60, 120, 300, 600, 1200, 1800, 2400, 3000, 3600]
        work.answers(1)
        assert ages_told(iter(range(4000, 4040)), clock, teller, told) == [4009, 4029]
    assert told[-1] == "Statement 2 of 4 (line 3), running for 30 s: CALL weigh()"


def test_without_a_terminal_nothing_is_said_of_short_statements() -> None:
    story = StringIO()
    with telling(Console(story=story), work := AtWork()), work.at(SCRIPT):
        time.sleep(0.7)
    assert story.getvalue() == ""


def screen_when(terminal: int, is_so: Callable[[str], bool]) -> str:
    """What a terminal has been given by the time this is so."""
    screen, deadline = "", time.monotonic() + 60
    while not is_so(screen) and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            screen += os.read(terminal, 1 << 16).decode()
    return screen


def test_on_a_terminal_a_line_moves_while_a_statement_runs_and_is_cleared_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    clock = Clock()
    with os.fdopen(theirs, "w") as story:
        work = AtWork(clock)
        with telling(Console(story=story), work):
            with work.at(SCRIPT):
                clock.seconds += 61
                words = "Statement 1 of 4 (line 2), running for 1 min 1 s: INSERT INTO crates"
                assert words in screen_when(ours, lambda screen: words in screen)
            assert screen_when(ours, lambda screen: screen.endswith(CLEARED)).endswith(CLEARED)
    os.close(ours)
