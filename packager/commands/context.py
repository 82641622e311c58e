"""Defines what the command line passes to each of the engineer's verbs."""

from typing import Protocol

from installer.screen.console import Console


class VerbContext(Protocol):
    """`context.obj` of every verb, as far as the engineer's verbs use it."""

    @property
    def console(self) -> Console:
        """Returns the console that shows progress and results."""
