"""Runs a program in a terminal of its own, as a person would, and keeps what it shows."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
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
