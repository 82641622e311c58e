"""Watches a disk while something fills it that can go again: a full disk would kill the live database."""

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
    """What was going on was ended, and has made room, before the disk was full."""


@contextmanager
def guarding(place: Path, reserve_bytes: int, make_room: Callable[[], None]) -> Iterator[None]:
    """While the body runs, call `make_room` in another thread once less than the reserve is free at `place`.

    Then raises `DiskFilledUp`, whatever the body made of losing what it worked with.
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
            raise _full(place, reserve_bytes) from problem
        raise
    finally:
        ended.set()
        watcher.join()
    if filled_up.is_set():
        raise _full(place, reserve_bytes)


def _try(make_room: Callable[[], None]) -> None:
    """Once more at the next look, should the engine not answer."""
    try:
        make_room()
    except AirlockError:
        return


def _full(place: Path, reserve_bytes: int) -> DiskFilledUp:
    return DiskFilledUp(
        _("The disk of {path} was filling up, and the database that serves lives by it.", path=place),
        details=[_("Less than {size} was left.", size=size(reserve_bytes))],
        hint=_("Make room there; see how much there is: df -h"),
    )
