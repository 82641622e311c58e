"""Opens the end of a FIFO whose other end another program has."""

import errno
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


def write_fifo(fifo: Path, is_running: Callable[[], bool]) -> IO[bytes]:
    """Returns the input of a program that reads `fifo`, once it has opened it.

    The FIFO is deleted by then. Raises `BrokenPipeError` if the program ends before, and `TimeoutError` if it
    runs and does not open it.
    """
    deadline = time.monotonic() + BEGINNING_SECONDS
    while True:
        is_there = is_running()
        try:
            writer = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as problem:
            if problem.errno != errno.ENXIO:  # nobody reads yet
                raise
        else:
            fifo.unlink(missing_ok=True)
            return os.fdopen(writer, "wb", buffering=0)
        if not is_there:
            raise BrokenPipeError
        if time.monotonic() > deadline:
            raise TimeoutError(_("The program did not begin to read."))
        time.sleep(LOOK_SECONDS)


def _await_beginning(reader: int, is_running: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BEGINNING_SECONDS
    while is_running() and not select.select([reader], [], [], LOOK_SECONDS)[0]:
        if time.monotonic() > deadline:
            raise TimeoutError(_("The program did not begin to write."))
