"""Opens the reading end of a FIFO that another program writes to."""

import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from installer.text import _

LOOK_SECONDS = 0.05  # between two checks whether the program still runs
BEGINNING_SECONDS = 30


def read_fifo(fifo: Path, is_running: Callable[[], bool]) -> IO[bytes]:
    """Returns the output of a program in `fifo`, once it has started to write or has ended.

    The FIFO is deleted by then: both ends are open, and nothing is left behind even if Airlock is killed.
    Raises `TimeoutError` if the program runs and writes nothing.
    """
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    keeper = os.open(fifo, os.O_WRONLY)  # without a writer, the FIFO would seem to be at its end
    try:
        _await_beginning(reader, is_running)
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(keeper)
        fifo.unlink(missing_ok=True)
    os.set_blocking(reader, True)
    return os.fdopen(reader, "rb")


def _await_beginning(reader: int, is_running: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BEGINNING_SECONDS
    while is_running() and not select.select([reader], [], [], LOOK_SECONDS)[0]:
        if time.monotonic() > deadline:
            raise TimeoutError(_("The program did not begin to write."))
