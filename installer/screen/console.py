"""Prints all output; no other module does. Results go to stdout, messages to stderr, both to the log file.

On a terminal, lines are wrapped, long steps show a progress bar with rate and remaining time, and waits show
a moving line; elsewhere, output is plain lines. The log file has every line unwrapped and plain.
"""

import json
import select
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from installer.errors import AirlockError, Declined, Failed, Refused
from installer.screen.log_file import LogFile, bug_lines, error_lines, print_line, reason_lines
from installer.screen.page import Level, page_of, shortened
from installer.screen.progress import Advance, PlainProgress, bar, size
from installer.screen.table import table_lines
from installer.screen.waiting import Following, Waiting, moving, repeating, telling
from installer.text import _

__all__ = ["Advance", "Console", "Verbosity", "repeating", "size"]

Verbosity = Literal["quiet", "normal", "verbose"]
STEP_INDENT = " " * 8  # under the title, after "[ 4/12] "
CLEARED = "\r\x1b[K"
ANSWER_SECONDS = 600.0  # a site must not stay down for the night because nobody answers


class Console:
    """The screen of one operator."""

    def __init__(
        self,
        *,
        results: IO[str] | None = None,
        story: IO[str] | None = None,
        answers: IO[str] | None = None,
        verbosity: Verbosity = "normal",
        assume_yes: bool = False,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._results = results or sys.stdout
        self._story = story or sys.stderr
        self._answers = answers or sys.stdin
        self._logs: tuple[LogFile, ...] = ()
        self._verbosity = verbosity
        self._indent = ""
        self._page = page_of(self._story)
        self._waiting: Waiting | None = None
        self._has_bar = False
        self._lines = threading.RLock()  # one line at a time, whoever writes it
        self._answer_seconds = answer_seconds
        self.assume_yes = assume_yes

    @property
    def is_interactive(self) -> bool:
        """Returns whether questions can be asked."""
        return self._answers.isatty() and self._story.isatty()

    @property
    def answer_minutes(self) -> int:
        """Returns how long a question waits for its answer."""
        return round(self._answer_seconds / 60)

    @contextmanager
    def logging_to(self, path: Path) -> Iterator[None]:
        """Appends all messages, including details, to the file at `path` while the body runs.

        Also appends the error that ends the body, which the operator sees only later. Raises `Refused` if the
        file cannot be opened.
        """
        log, before = LogFile(path), self._logs
        self._logs = (*before, log)
        try:
            yield
        except (Exception, KeyboardInterrupt) as failure:
            log.ended_by(failure)
            raise
        finally:
            self._logs = before
            log.close()

    def say(self, line: str = "") -> None:
        """Shows a message of one line."""
        self._write(line, shown=self._verbosity != "quiet")

    def detail(self, line: str) -> None:
        """Shows a line only with `--verbose`; the log file always has it."""
        self._write(line, shown=self._verbosity == "verbose")

    def warn(self, line: str) -> None:
        """Shows a warning."""
        self._write(_("Warning: {text}", text=line), shown=True, level="warning")

    def result(self, text: str) -> None:
        """Prints a result on stdout. Raises `Failed` if it cannot be written."""
        for line in text.splitlines():
            self._log(line)
        try:
            print(text, file=self._results, flush=True)
        except OSError as obstacle:
            raise Failed(
                _("The result cannot be written: {problem}", problem=obstacle.strerror)
            ) from obstacle

    def json(self, document: object) -> None:
        """Prints a result for programs on stdout: one JSON document with stable keys."""
        is_unicode = str(getattr(self._results, "encoding", None) or "utf-8").lower() in ("utf-8", "utf8")
        self.result(json.dumps(document, indent=2, ensure_ascii=not is_unicode))

    def problem(self, error: AirlockError) -> None:
        """Shows what happened, details, and the next command to run."""
        if isinstance(error, Declined):
            self._write(error.happened, shown=True)
        else:
            self._tell_failure(error_lines(error))

    def failure(self, failure: BaseException) -> None:
        """Shows any failure; the log file also gets the traceback of a bug."""
        self._tell_failure(reason_lines(failure))
        for line in bug_lines(failure):
            self._write(line, shown=False)

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[str]], *, levels: Sequence[Level] = ()
    ) -> None:
        """Shows rows under headings, with columns aligned also for double-width characters.

        With `levels`, one per row, the first cell of each row has the level's colour.
        """
        if self._verbosity != "quiet":
            columns = self._page.columns - len(self._indent)
            shown = levels if self._page.is_coloured else ()
            for line in table_lines(headings, rows, columns=columns, levels=shown):
                self._print(f"{self._indent}{line}")
        for line in table_lines(headings, rows):
            self._log(f"{self._indent}{line}")

    @contextmanager
    def step(self, number: int, total: int, title: str) -> Iterator[Callable[[str], None]]:
        """Shows that a step starts, and its result and duration when it ends.

        The body may call the yielded function once to set the result's text.
        """
        result = _("done")
        level: Level = "ok"

        def outcome(words: str) -> None:
            nonlocal result
            result = words

        self.say(f"[{number:>2}/{total}] {title}")
        began = time.monotonic()
        self._indent = STEP_INDENT
        try:
            yield outcome
        except BaseException:
            result, level = _("failed"), "failed"
            raise
        finally:
            line = f"{result} ({time.monotonic() - began:.1f} s)"
            self._write(line, shown=self._verbosity != "quiet", level=level)
            self._indent = ""

    @contextmanager
    def progress(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        """Shows the progress of a long step; the body calls the yielded function with bytes done."""
        if self._verbosity == "quiet":
            yield lambda size_bytes: None
        elif self._story.isatty():
            self._has_bar = True
            try:
                with bar(self._story, title, total_bytes) as advance:
                    yield advance
            finally:
                self._has_bar = False
        else:
            yield PlainProgress(self.say, title, total_bytes).advance

    @contextmanager
    def waiting(self, words: str) -> Iterator[Callable[[str], None]]:
        """Shows what is being waited for while the body runs; the yielded function changes the text.

        Inside another `waiting`, it changes the text of the outer one.
        """
        if self._waiting is not None or self._verbosity == "quiet":
            yield self._waiting.now if self._waiting is not None else lambda words: None
            return
        self._waiting = waiting = Waiting(words)
        try:
            if self._page.is_moving:
                with moving(waiting, self._move, self._clear):
                    yield waiting.now
            else:
                with telling(waiting, self.say):
                    yield waiting.now
        finally:
            self._waiting = None

    @contextmanager
    def following(self, line: Callable[[], str]) -> Iterator[bool]:
        """Shows the text that `line` returns on a moving line while the body runs; nothing while it is empty.

        Yields whether the line is visible: not without a terminal, and not inside `waiting`.
        """
        if self._waiting is not None or self._verbosity == "quiet" or not self._page.is_moving:
            yield False
            return
        self._waiting = Following(line)
        try:
            with moving(self._waiting, self._move, self._clear):
                yield True
        finally:
            self._waiting = None

    def confirm(self, question: str, *, default: bool) -> bool:
        """Asks a yes-or-no question and returns the answer; with `--yes`, the answer is yes.

        Returns `default` for an empty line, at the end of input, without a terminal, and if nobody answers
        for some minutes: it must be the safe answer.
        """
        if self.assume_yes:
            return True
        if not self.is_interactive:
            return default
        return self._ask(f"{question} {_('[Y/n]') if default else _('[y/N]')} ", default)

    def expect_yes(self, question: str, *, hint: str) -> None:
        """Returns if the operator agrees, or with `--yes`.

        Raises `Declined` if the operator answers no. Raises `Refused` without a terminal, with the `hint` on
        how to agree beforehand.
        """
        if not self.confirm(question, default=False):
            if self.is_interactive:
                raise Declined(_("Nothing was changed."))
            raise Refused(_("Not confirmed: nothing was changed."), hint=hint)

    def expect_own_yes(self, question: str, refusal: Refused) -> None:
        """Returns if the operator agrees to this one question, which `--yes` does not answer.

        Raises `Declined` if the operator answers no, and the `refusal` without a terminal or with `--yes`.
        """
        if self.assume_yes or not self.is_interactive:
            raise refusal
        if not self.confirm(question, default=False):
            raise Declined(_("Nothing was changed."))

    def _ask(self, prompt: str, default: bool) -> bool:
        while True:
            print_line(prompt, self._story, end="")
            if not self._is_answered():
                print_line("", self._story)
                self.say(self._about_no_answer(default))
                return default
            word = self._line_typed().strip().lower()
            if not word:
                return default
            if word in ("y", "yes", "예", "네", "n", "no", "아니오", "아니요"):
                return word in ("y", "yes", "예", "네")

    def _is_answered(self) -> bool:
        """Waits for a line, or the end of input; returns whether it comes in time."""
        try:
            return bool(select.select([self._answers], [], [], self._answer_seconds)[0])
        except (OSError, ValueError):  # closed, or nothing that can be waited for
            return True

    def _about_no_answer(self, default: bool) -> str:
        answer = _("yes") if default else _("no")
        minutes = self.answer_minutes
        return _("No answer for {minutes} minutes: that counts as {answer}.", minutes=minutes, answer=answer)

    def _line_typed(self) -> str:
        """Reads a line; empty at the end of input, and if the terminal is closed meanwhile."""
        try:
            return self._answers.readline()
        except OSError:
            return ""

    def _tell_failure(self, lines: Iterable[str]) -> None:
        for number, line in enumerate(lines):
            self._write(line, shown=True, level=None if number else "failed")

    def _write(self, line: str, *, shown: bool, level: Level | None = None) -> None:
        line = f"{self._indent}{line}" if line else ""
        for part in self._page.lines_of(line, level) if shown else ():
            self._print(part)
        self._log(line)

    def _print(self, line: str) -> None:
        """Prints over the moving line or the progress bar, if there is one; both are shown again below."""
        with self._lines:
            is_moving = self._has_bar or (self._waiting is not None and self._page.is_moving)
            print_line(f"{CLEARED}{line}" if is_moving else line, self._story)

    def _move(self, line: str) -> None:
        with self._lines:
            shown = shortened(f"{self._indent}{line}", self._page.columns - 1)
            print_line(f"{CLEARED}{shown}", self._story, end="")

    def _clear(self) -> None:
        with self._lines:
            print_line(CLEARED, self._story, end="")

    def _log(self, line: str) -> None:
        for log in self._logs:
            log.write(line)
