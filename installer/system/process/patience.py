"""Waits for a program that reads or writes a stream, as long as there is hope.

A stream may be silent for long, while a server builds an index. So after a minute the engine is asked whether
it answers at all, and only a program that stays silent for an hour is given up.
"""

import io
import os
import select
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillWaiting
from dataclasses import dataclass
from threading import Thread
from typing import IO, TYPE_CHECKING

from installer.system.deadlines import QUESTION_SECONDS, SILENCE_SECONDS
from installer.system.engine_problems import silent
from installer.system.operating_system import IS_WINDOWS
from installer.system.process.process import run

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

KNOCK = ("docker", "version", "--format", "{{.Server.Version}}")


@dataclass(frozen=True)
class Patience:
    """Waits for the program `argv`. Raises `EngineSilent` once there is no hope.

    Calls `told` with the seconds of silence whenever it has looked and the engine answers.
    """

    argv: Sequence[str]
    look_seconds: float = QUESTION_SECONDS
    most_seconds: float = SILENCE_SECONDS
    told: Callable[[float], None] = lambda seconds: None

    def await_pipe(self, descriptor: int, event: int) -> None:
        """Returns when the pipe can be read or written, as `event` of `select.poll` says, or has ended."""
        look, waited_seconds = select.poll(), 0.0
        look.register(descriptor, event)
        while not look.poll(self.look_seconds * 1000):
            waited_seconds += self.look_seconds
            self._judge(waited_seconds)

    def await_answer(self, ask: Callable[[], bytes]) -> bytes:
        """Returns the answer of a function that blocks: where a pipe cannot be waited for, as on Windows."""
        answer: Future[bytes] = Future()
        Thread(target=_answer, args=(ask, answer), daemon=True).start()
        waited_seconds = 0.0
        while True:
            try:
                return answer.result(self.look_seconds)
            except StillWaiting:
                waited_seconds += self.look_seconds
                self._judge(waited_seconds)

    def await_end(self, child: "subprocess.Popen[bytes]") -> int:
        """Returns the exit code when the program has ended."""
        waited_seconds = 0.0
        while True:
            try:
                return child.wait(self.look_seconds)
            except subprocess.TimeoutExpired:
                waited_seconds += self.look_seconds
                self._judge(waited_seconds)

    def _judge(self, waited_seconds: float) -> None:
        if self.argv[0] == "docker":
            try:
                run(KNOCK, timeout_seconds=self.look_seconds)
            except subprocess.TimeoutExpired as late:
                raise silent(self.argv, waited_seconds) from late
        self.told(waited_seconds)
        if waited_seconds >= self.most_seconds:
            raise silent(self.argv, waited_seconds)


def _answer(ask: Callable[[], bytes], answer: "Future[bytes]") -> None:
    try:
        answer.set_result(ask())
    except OSError as problem:  # raised where the answer is awaited
        answer.set_exception(problem)


class PatientReader(io.RawIOBase):
    """The reading end of a pipe."""

    def __init__(self, pipe: IO[bytes], patience: Patience) -> None:
        self._pipe, self._patience = pipe, patience

    def readable(self) -> bool:
        """Returns True."""
        return True

    def fileno(self) -> int:
        """Returns the pipe's descriptor, for another program."""
        return self._pipe.fileno()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Reads what is there, at least one byte unless the pipe has ended."""
        if IS_WINDOWS:
            return self._read_on_thread(memoryview(buffer).cast("B"))
        self._patience.await_pipe(self.fileno(), select.POLLIN)
        return os.readv(self.fileno(), [buffer])

    def _read_on_thread(self, room: memoryview) -> int:
        content = self._patience.await_answer(lambda: os.read(self.fileno(), len(room)))
        room[: len(content)] = content
        return len(content)


class PatientWriter(io.RawIOBase):
    """The writing end of a pipe."""

    def __init__(self, pipe: IO[bytes], patience: Patience) -> None:
        self._pipe, self._patience = pipe, patience
        os.set_blocking(pipe.fileno(), False)

    def writable(self) -> bool:
        """Returns True."""
        return True

    def fileno(self) -> int:
        """Returns the pipe's descriptor."""
        return self._pipe.fileno()

    def write(self, content: "ReadableBuffer") -> int:
        """Writes as much as the pipe takes, at least one byte."""
        while True:
            self._patience.await_pipe(self.fileno(), select.POLLOUT)
            try:
                return os.write(self.fileno(), content)
            except BlockingIOError:  # less room than the kernel asks for
                continue

    def close(self) -> None:
        """Closes the pipe: the program reads its end."""
        super().close()
        self._pipe.close()
