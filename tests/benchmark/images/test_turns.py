"""The order in which measures are taken."""

from collections import Counter
from itertools import pairwise

import pytest

from benchmark.images.turns import in_turns


@pytest.mark.parametrize("names", ["ab", "abcd", "abcdef"])
def test_each_measure_comes_right_behind_each_other_one_once(names: str) -> None:
    rounds = list(in_turns(names, len(names)))
    assert [sorted(one) for one in rounds] == [list(names)] * len(names)
    behind = Counter(pair for one in rounds for pair in pairwise(one))
    assert behind == Counter((a, b) for a in names for b in names if a != b)


def test_fewer_rounds_are_the_first_of_all() -> None:
    assert list(in_turns("abcd", 2)) == [["a", "b", "d", "c"], ["b", "c", "a", "d"]]
