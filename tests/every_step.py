"""Ctrl-C at every instruction of a piece of code, one run for each."""

import gc
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any


def interrupted_at_every_step(act: Callable[[], object]) -> Iterator[int]:
    """Run `act` again and again, each time cut off one instruction later, until it gets to its end.

    Gives the number of the instruction after each run that was cut off.
    """
    step = 1
    while _is_cut_off(act, step):
        yield step
        step += 1


def _is_cut_off(act: Callable[[], object], step: int) -> bool:
    left = step

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal left
        frame.f_trace_opcodes = True
        left -= event == "opcode"
        if left == 0:
            sys.settrace(None)
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    gc.disable()  # other code may hear of each collection, and would be cut off in its place
    sys.settrace(trace)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
        gc.enable()
    return False
