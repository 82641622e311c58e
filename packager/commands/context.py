"""What the one group of verbs hands to the engineer's."""

from typing import Protocol

from installer.screen.console import Console


class Told(Protocol):
    """`context.obj` of every verb, as far as the engineer's need it."""

    @property
    def console(self) -> Console:
        """Where the story is told."""
