import pytest

from benchmark.figures import Spread, Taken, largest_peak, last_size, ratios, seconds


def runs(*wall: float) -> list[Taken]:
    return [Taken(one) for one in wall]


def test_a_spread_is_the_median_between_the_extremes() -> None:
    assert seconds(runs(3, 1, 10)) == Spread(3, 1, 10)


def test_ratios_are_those_of_runs_in_the_same_turn() -> None:
    assert ratios(runs(1, 4, 9), runs(2, 2, 2)) == Spread(2, 0.5, 4.5)
    assert ratios(runs(2, 4, 6), runs(1, 2, 3)) == Spread(2, 2, 2)


def test_a_measure_taken_more_often_counts_against_the_median_of_the_other() -> None:
    assert ratios(runs(1, 2, 3), runs(100)) == Spread(0.02, 0.01, 0.03)
    assert ratios(runs(2, 4), runs(1, 2, 6)) == Spread(1.5, 1, 2)


@pytest.mark.parametrize("peaks, largest", [((), None), ((None, None), None), ((5, None, 7), 7), ((0,), 0)])
def test_the_peak_is_the_largest_of_those_watched(peaks: tuple[int | None, ...], largest: int | None) -> None:
    assert largest_peak([Taken(1, peak_bytes=peak) for peak in peaks]) == largest


def test_the_size_is_what_the_last_run_left() -> None:
    assert last_size([Taken(1, disk_bytes=5), Taken(1, disk_bytes=6)]) == 6
    assert last_size(runs(1, 2)) is None
