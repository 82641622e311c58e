"""Measures steps by the journal of their run."""

from collections.abc import Sequence
from datetime import datetime

from installer.workflow.journal import Event


def seconds_of(events: Sequence[Event], step: str) -> float | None:
    """Returns how long a step took the last time; None if it did not end."""
    return seconds_between(events, step, step)


def seconds_between(events: Sequence[Event], first: str, last: str) -> float | None:
    """Returns the seconds from the first start of one step to the last end of another; None without both."""
    starts = [one.at for one in events if (one.what, one.name) == ("started", first)]
    ends = [one.at for one in events if (one.what, one.name) == ("finished", last)]
    if not starts or not ends:
        return None
    begun = starts[-1] if first == last else starts[0]
    seconds = (datetime.fromisoformat(ends[-1]) - datetime.fromisoformat(begun)).total_seconds()
    return max(0.0, seconds)
