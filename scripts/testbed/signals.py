"""Being told to stop: once is enough, and what was made is cleaned up before the end."""

import signal
import sys
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_cleanly_when_told() -> None:
    """The first signal leaves every context in order; further ones do not disturb that."""
    for number in STOPPING:
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    for stopping in STOPPING:
        signal.signal(stopping, signal.SIG_IGN)
    sys.exit(128 + number)
