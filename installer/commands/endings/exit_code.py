"""Keeps to the documented exit code while Python starts and ends, when no error can be caught.

Imports little: a signal may come before everything else is imported.
"""

import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from installer.system.process.ending_signals import ENDING

INTERRUPTED = 130  # as of `installer.errors.Interrupted`


def end_on_signals() -> None:
    """Lets signals end the process at once, as interrupted: so far, nothing has begun."""
    for number in ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:  # else it was started with nohup
            signal.signal(number, lambda _number, _frame: os._exit(INTERRUPTED))


def end_with(exit_code: int) -> NoReturn:
    """Ends the process with this code, also if a signal or a closed terminal comes in its last moments."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)  # Python restores the default of any other handler
    for stream in filter(None, (sys.stdout, sys.stderr)):  # None if it was closed from the start
        try:
            stream.flush()
        except (OSError, ValueError):  # Python would end with 120, because its own flush fails, too
            _discard(stream.fileno())
    sys.exit(exit_code)


def _discard(descriptor: int) -> None:
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
