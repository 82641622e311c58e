"""Figures out of what was measured: medians, extremes, ratios of pairs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Taken:
    """One run of one measure. `peak_bytes` is of Airlock's own process, `disk_bytes` what the run left."""

    seconds: float
    peak_bytes: int | None = None
    disk_bytes: int | None = None


@dataclass(frozen=True)
class Spread:
    """Some figures in one: their median and their extremes."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        return cls(median(figures), min(figures), max(figures))


def seconds(taken: Sequence[Taken]) -> Spread:
    """Wall time of the runs of one measure."""
    return Spread.of([one.seconds for one in taken])


def ratios(ours: Sequence[Taken], by_hand: Sequence[Taken]) -> Spread:
    """Our time in units of the time by hand, run by run as they were taken in turn.

    Where the two were not run equally often, every run of ours counts against the other's median.
    """
    if len(ours) != len(by_hand):
        by_hand = [Taken(seconds(by_hand).median)] * len(ours)
    return Spread.of([one.seconds / other.seconds for one, other in zip(ours, by_hand, strict=True)])


def largest_peak(runs: Sequence[Taken]) -> int | None:
    """The most memory that any of the runs took; None when none was watched."""
    return max((one.peak_bytes for one in runs if one.peak_bytes is not None), default=None)


def last_size(runs: Sequence[Taken]) -> int | None:
    """Bytes on disk that the last run left; None when it left nothing to keep."""
    return runs[-1].disk_bytes
