"""Runs an installer and lists its moments, or breaks something at some of them. It imports nothing of ours.

    python3 -I -X utf8 moments.py LIST FILE installer.pyz import --yes
    python3 -I -X utf8 moments.py KILL NUMBER installer.pyz import --yes
    python3 -I -X utf8 moments.py FAIL NUMBER:ERRNO installer.pyz import --yes
    python3 -I -X utf8 moments.py DO NUMBER[,NUMBER…]:COMMAND installer.pyz import --yes
    python3 -I -X utf8 moments.py CLOCK NUMBER[,NUMBER…]:SECONDS installer.pyz import --yes

A moment is a change: of a file, by another program, or in the engine. Python's own audit events tell of each
just before it happens, so that to be killed at all of them is to be killed before and after each. They count
from the run's first record on, or from the start of a command that keeps no record. What is written to the
log and what only asks does not count.
KILL ends the installer there, FAIL lets this change fail with an error of the operating system, DO runs a
command of the shell first, and CLOCK puts its clock forward and back in turn.
"""

import datetime
import errno
import os
import re
import runpy
import signal
import sys
import time

CHANGES = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod",
    "os.chown",
}  # fmt: skip
FSYNC = os.fsync
STRUCK = b"This moment came.\n"  # a fault that never came proves nothing
REAL_TIME = time.time
WRITES = os.O_WRONLY | os.O_RDWR
QUESTIONS = ("config", "version", "ps")
UNTOLD = re.compile(r"airlock\.log|/dev/|/proc/|airlock-.*\.lock|\.pyc")


class Moments:
    """Counts moments, and acts at each."""

    def __init__(self, mode: str, argument: str, *, has_record: bool) -> None:
        numbers, _colon, self._blow = ("", "", "") if mode == "LIST" else argument.partition(":")
        self._mode, self._at = mode, {int(number) for number in numbers.split(",") if number}
        self._list = open(argument, "w", encoding="utf-8") if mode == "LIST" else None  # noqa: SIM115, PTH123
        self._journal, self._counts = "", not has_record
        self._count = 0
        self._is_busy = False

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        try:
            self._look(event, arguments)
        finally:
            self._is_busy = False

    def _look(self, event: str, arguments: tuple[object, ...]) -> None:
        text = told(event, arguments)
        if not text or UNTOLD.search(text):
            return
        if not self._journal and event == "open" and str(arguments[0]).endswith("journal.jsonl"):
            self._journal, self._counts = str(arguments[0]), True
        if not self._counts:
            return
        number, self._count = self._count, self._count + 1
        if self._list:
            print(self._step(), text, sep="\t", file=self._list, flush=True)
        if number in self._at:
            self._strike()

    def _strike(self) -> None:
        os.write(2, STRUCK)
        if self._mode == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        if self._mode == "FAIL":
            number = getattr(errno, self._blow)
            raise OSError(number, os.strerror(number))
        if self._mode == "CLOCK":
            JumpingTime.offset_seconds = -JumpingTime.offset_seconds or int(self._blow)
            return
        os.system(self._blow)

    def sync(self, descriptor: int) -> None:
        """Takes the place of `os.fsync`, of which no audit event tells."""
        self.hook("os.fsync", (descriptor,))
        FSYNC(descriptor)

    def _step(self) -> str:
        if not os.path.exists(self._journal):  # noqa: PTH110
            return ""
        with open(self._journal, encoding="utf-8") as file:  # noqa: PTH123
            lines = file.read().splitlines() or [""]
        return " ".join(re.findall(r'"(?:what|name)": "([^"]*)"', lines[-1]))


class JumpingTime(datetime.datetime):
    """Takes the place of `datetime`, and says what a clock that was put forward or back would say."""

    offset_seconds = 0

    @classmethod
    def now(cls, tz: "datetime.tzinfo | None" = None) -> "JumpingTime":
        return super().now(tz) + datetime.timedelta(seconds=cls.offset_seconds)


def jumping_time() -> float:
    """Takes the place of `time.time`."""
    return REAL_TIME() + JumpingTime.offset_seconds


def told(event: str, arguments: tuple[object, ...]) -> str:
    """Returns a line about a change; empty for anything else."""
    if event in CHANGES:
        return f"{event} {arguments[0]}"
    if event == "os.fsync":
        return f"sync {os.readlink(f'/proc/self/fd/{arguments[0]}')}"  # noqa: PTH115
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        return f"write {arguments[0]}"
    if event == "subprocess.Popen":
        words = [str(word) for word in arguments[1]]  # type: ignore[attr-defined]
        return "" if any(word in QUESTIONS for word in words) else "run " + " ".join(words)
    if event == "http.client.send":
        line = bytes(arguments[1])[:200].split(b"\r\n")[0].decode("ascii", "replace")  # type: ignore[arg-type]
        return f"ask {line}" if line.startswith(("POST ", "DELETE ")) else ""
    return ""


if __name__ == "__main__":
    mode, argument, program, *words = sys.argv[1:]
    moments = Moments(mode, argument, has_record="drill" not in words)
    sys.addaudithook(moments.hook)
    os.fsync = moments.sync
    datetime.datetime, time.time = JumpingTime, jumping_time
    sys.argv = [program, *words]
    runpy.run_path(program, run_name="__main__")
