import threading
from contextlib import closing

import pytest

from installer.system.reading.read_ahead import BLOCKS_AHEAD, ReadAhead


class Endless:
    """Blocks without an end; counts them."""

    def __init__(self) -> None:
        self.count = 0

    def read_some(self) -> bytes:
        self.count += 1
        return b"x"


class Broken:
    """Two blocks and then a problem."""

    def __init__(self) -> None:
        self._blocks = [b"1", b"2"]

    def read_some(self) -> bytes:
        if not self._blocks:
            raise LookupError("broken")
        return self._blocks.pop(0)


class Few:
    """A hundred blocks."""

    def __init__(self) -> None:
        self._left = 100

    def read_some(self) -> bytes:
        self._left -= 1
        return bytes([self._left]) if self._left >= 0 else b""


def test_all_blocks_come_in_their_order_and_then_nothing_more() -> None:
    ahead = ReadAhead(Few())
    assert b"".join(iter(ahead.read_some, b"")) == bytes(reversed(range(100)))
    assert ahead.read_some() == b""


def test_a_problem_comes_behind_the_blocks_before_it_and_stays() -> None:
    ahead = ReadAhead(Broken())
    assert [ahead.read_some(), ahead.read_some()] == [b"1", b"2"]
    for _again in range(2):
        with pytest.raises(LookupError):
            ahead.read_some()


def test_no_more_is_read_than_may_wait_and_nothing_once_it_is_closed() -> None:
    endless, before = Endless(), threading.active_count()
    with closing(ReadAhead(endless)) as ahead:
        assert ahead.read_some() == b"x"
    count = endless.count
    assert (threading.active_count(), count <= BLOCKS_AHEAD + 4) == (before, True)
