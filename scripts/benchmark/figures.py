"""Computes figures from measurements: medians, extremes, ratios of pairs. Has no side effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Taken:
    """A run of a measure. `peak_bytes` is of Airlock's own process, `disk_bytes` the size of its output."""

    seconds: float
    peak_bytes: int | None = None
    disk_bytes: int | None = None


@dataclass(frozen=True)
class Spread:
    """A summary of figures: their median and their extremes."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        return cls(median(figures), min(figures), max(figures))


def seconds(taken: Sequence[Taken]) -> Spread:
    """Returns the wall time of the runs of one measure."""
    return Spread.of([one.seconds for one in taken])


def ratios(ours: Sequence[Taken], by_hand: Sequence[Taken]) -> Spread:
    """Returns Airlock's time divided by the time by hand, in pairs of runs that were taken in turn.

    If the two were not run equally often, each of Airlock's runs is compared with the other's median.
    """
    if len(ours) != len(by_hand):
        by_hand = [Taken(seconds(by_hand).median)] * len(ours)
    return Spread.of([one.seconds / other.seconds for one, other in zip(ours, by_hand, strict=True)])


def largest_peak(runs: Sequence[Taken]) -> int | None:
    """Returns the largest memory use of any run; None if none was measured."""
    return max((one.peak_bytes for one in runs if one.peak_bytes is not None), default=None)


def last_size(runs: Sequence[Taken]) -> int | None:
    """Returns the bytes on disk that the last run left; None if it left nothing."""
    return runs[-1].disk_bytes
