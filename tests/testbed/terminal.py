"""Runs a program in a terminal of its own, as a person would, and keeps what it shows."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS, LINES = 80, 24


def run_in_terminal(
    words: Sequence[str], directory: Path, environment: Mapping[str, str], typed: bytes = b""
) -> tuple[int, bytes]:
    """The exit code, and everything shown on a terminal of 80 columns; `typed` waits there from the start."""
    screen, keyboard = pty.openpty()
    try:
        fcntl.ioctl(keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        child = subprocess.Popen(
            words, cwd=directory, env=environment, stdin=keyboard, stdout=keyboard, stderr=keyboard
        )
        os.close(keyboard)
        os.write(screen, typed)
        shown = _all_of(screen)
        return child.wait(), shown
    finally:
        os.close(screen)


class Terminal:
    """A window in which a program runs as the leader of its session, as after a login; it can be closed."""

    def __init__(self, words: Sequence[str], directory: Path, environment: Mapping[str, str]) -> None:
        self._screen, keyboard = pty.openpty()
        fcntl.ioctl(keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.child = subprocess.Popen(
            words,
            cwd=directory,
            env=environment,
            stdin=keyboard,
            stdout=keyboard,
            stderr=keyboard,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(keyboard)
        self.shown = b""

    def read_until(self, words: str, *, seconds: float = 120) -> None:
        """Reads what is shown until these words are; what is shown must be read, or the program waits."""
        deadline = time.monotonic() + seconds
        while words.encode() not in self.shown:
            assert time.monotonic() < deadline, self.shown.decode()
            if select.select([self._screen], [], [], 1)[0]:
                self.shown += os.read(self._screen, 1 << 16)

    def type(self, keys: bytes) -> None:
        """Types these keys, such as Ctrl-C, which is b"\x03"."""
        os.write(self._screen, keys)

    def close(self) -> None:
        """Closes the window: the kernel hangs up on the session."""
        os.close(self._screen)

    def rest(self) -> tuple[int, str]:
        """Returns the exit code and everything shown, once the program ends."""
        self.shown += _all_of(self._screen)
        os.close(self._screen)
        return self.child.wait(), self.shown.decode()


def _all_of(screen: int) -> bytes:
    """What is shown until the last program that has the terminal ends."""
    shown = b""
    while True:
        try:
            piece = os.read(screen, 1 << 16)
        except OSError:  # EIO: nobody has the terminal any more
            return shown
        if not piece:
            return shown
        shown += piece
