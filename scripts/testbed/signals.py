"""Handles signals to stop: the first one cleans up, further ones are ignored."""

import signal
import sys
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_cleanly_when_told() -> None:
    """Makes the first signal leave every context properly, and ignores further ones."""
    for number in STOPPING:
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    for stopping in STOPPING:
        signal.signal(stopping, signal.SIG_IGN)
    sys.exit(128 + number)
