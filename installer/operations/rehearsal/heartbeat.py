"""Tells how far a long rehearsal is: the server itself is silent until a statement is done."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from installer.bundle.layout import shown
from installer.console import Console
from installer.operations.rehearsal.watch import Witness
from installer.text import _

EVERY_SECONDS = 10.0


@contextmanager
def telling(console: Console, witness: Witness, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """While the body runs, say every so often which statement the server is still at."""
    is_over = threading.Event()
    teller = threading.Thread(target=_tell, args=(console, witness, every_seconds, is_over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        is_over.set()
        teller.join()


def _tell(console: Console, witness: Witness, every_seconds: float, is_over: threading.Event) -> None:
    while not is_over.wait(every_seconds):
        now = witness.now
        if now and now.seconds >= every_seconds:
            console.say(
                _(
                    "Migration `{name}`, statement {number}: for {seconds} s",
                    name=shown(now.migration), number=now.number, seconds=f"{now.seconds:.0f}",
                )
            )  # fmt: skip
