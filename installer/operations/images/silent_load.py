"""Says what a load of images waits for while the engine is silent, and gives it up after an hour.

containerd's store takes each blob from one client at a time: a load that hangs half-sent keeps all others of
the same images waiting, and the engine says neither that nor for whom.
"""

from collections.abc import Callable, Sequence

from installer.errors import Refused
from installer.screen.console import Console
from installer.system.deadlines import SILENCE_SECONDS
from installer.system.process.other_loads import OtherLoad, other_loads
from installer.text import _


class SilentLoad:
    """Tells the operator about the silence of one load: again only when other loads begin or end."""

    def __init__(self, console: Console, others: Callable[[], Sequence[OtherLoad]] = other_loads) -> None:
        self._console, self._others = console, others
        self._shown: Sequence[OtherLoad] | None = None

    def told(self, seconds: float) -> None:
        """Shows what a load that was silent for so long may wait for. Raises `Refused` after an hour."""
        others = self._others()
        if seconds >= SILENCE_SECONDS:
            raise _given_up(seconds, others)
        if others != self._shown:
            self._shown = others
            self._show(seconds, others)

    def _show(self, seconds: float, others: Sequence[OtherLoad]) -> None:
        self._console.say(
            _(
                "The engine has been silent for {seconds} seconds. It is unpacking images, or waits for "
                "another program that loads the same images. Airlock waits up to {minutes} minutes.",
                seconds=int(seconds),
                minutes=SILENCE_SECONDS // 60,
            )
        )
        if others:
            self._console.warn(_("Other programs are loading images: {loads}", loads=_listed(others)))
            self._console.say(_("If one of them hangs, end it: {command}", command=_end(others)))


def _given_up(seconds: float, others: Sequence[OtherLoad]) -> Refused:
    details = [_("It was silent for {minutes} minutes.", minutes=int(seconds) // 60)]
    if others:
        details.append(_("Other programs are loading images: {loads}", loads=_listed(others)))
        hint = _("If one of them hangs, end it, then run the command again: {command}", command=_end(others))
    else:
        hint = _("Check the engine's disk and log, then run the command again.")
    return Refused(_("The engine could not load the images."), details=details, hint=hint)


def _listed(others: Sequence[OtherLoad]) -> str:
    return ", ".join(f"`{one.command}` (process {one.process})" for one in others)


def _end(others: Sequence[OtherLoad]) -> str:
    """Returns the command that ends a load: Docker 28.5's ignores milder signals while it waits for input."""
    return f"kill -9 {others[0].process if len(others) == 1 else 'PROCESS'}"
