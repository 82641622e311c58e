"""Watches a disk while a copy fills it: a full disk would stop the running database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.errors import AirlockError, Refused
from installer.screen.console import size
from installer.system.files.files import free_bytes
from installer.text import _

LOOK_SECONDS = 0.1


class DiskFilledUp(Refused):
    """Reports that the work was stopped and its space freed before the disk was full."""


@contextmanager
def guarding(place: Path, reserve_bytes: int, make_room: Callable[[], None]) -> Iterator[None]:
    """Calls `make_room` in another thread once less than the reserve is free at `place`, while the body runs.

    Then raises `DiskFilledUp`, whichever error the body raised after losing its files.
    """
    ended, filled_up = threading.Event(), threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK_SECONDS):
            if free_bytes(place) < reserve_bytes:
                filled_up.set()
                _try(make_room)

    watcher = threading.Thread(target=watch, name="disk guard", daemon=True)
    watcher.start()
    try:
        yield
    except Exception as problem:
        if filled_up.is_set():
            raise filled_up_error(place, reserve_bytes) from problem
        raise
    finally:
        ended.set()
        watcher.join()
    if filled_up.is_set():
        raise filled_up_error(place, reserve_bytes)


def _try(make_room: Callable[[], None]) -> None:
    """Calls `make_room`; the next look tries again if the engine does not answer."""
    try:
        make_room()
    except AirlockError:
        return


def filled_up_error(place: Path, reserve_bytes: int) -> DiskFilledUp:
    """Returns the error that less than the reserve is free at `place`."""
    return DiskFilledUp(
        _("The disk of {path} was filling up, and the running database needs it.", path=place),
        details=[_("Less than {size} was free.", size=size(reserve_bytes))],
        hint=_("Make room there; see how much there is: df -h"),
    )
