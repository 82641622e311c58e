"""An outage, by the answers of an application that was asked all the time."""

import pytest

from benchmark.upgrade.poller import Answer, outage_seconds, percentile95
from testbed.problem import TestbedProblem


def answers(*given: tuple[float, str]) -> list[Answer]:
    return [Answer(asked, asked + 0.01, version) for asked, version in given]


def test_an_upgrade_lasts_from_the_last_old_answer_to_the_first_new_one() -> None:
    seen = answers((1, "2.1.1"), (2, "2.1.1"), (7, "2.1.2"), (8, "2.1.2"))
    assert round(outage_seconds(seen, "2.1.2"), 2) == 5.01
    with pytest.raises(TestbedProblem):
        outage_seconds(answers((1, "2.1.1")), "2.1.2")


def test_of_one_version_it_is_the_longest_silence() -> None:
    assert round(outage_seconds(answers((1, "a"), (2, "a"), (6, "a"), (7, "a")), "a"), 2) == 4.01


def test_the_95th_percentile_leaves_out_the_slowest_twentieth() -> None:
    seen = [Answer(0, seconds, "a") for seconds in range(1, 101)]
    assert (percentile95(seen), percentile95([])) == (95, 0.0)
