"""The reading end of a FIFO that another program writes into."""

import fcntl
import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from installer.text import _

PIPE_BYTES = 1 << 20
LOOK_SECONDS = 0.05  # between two looks at whether the program still runs
BEGINNING_SECONDS = 30


def read_fifo(fifo: Path, is_running: Callable[[], bool]) -> IO[bytes]:
    """What a program writes into `fifo`, once it has begun to write or does not run any more.

    The name of the FIFO is gone then: both ends are open, and nothing is left even if we are killed. Raises
    `TimeoutError` when the program runs and writes nothing.
    """
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    keeper = os.open(fifo, os.O_WRONLY)  # without a writer the FIFO would look ended
    try:
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
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
