"""Decides what Ctrl-C, a closed terminal and `kill` do: each part of a run says how it may be ended.

Python calls handlers in the main thread only, so nothing here has an effect in another one.
"""

import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from installer.system.process.ending_signals import ENDING

Explain = Callable[[], None]


def nothing() -> None:
    """Explains nothing."""


_explanations: list[Explain] = [nothing]


def interrupt_on_signals(explain: Explain = nothing) -> None:
    """Lets every signal raise `KeyboardInterrupt`, unless it is ignored already, as with nohup.

    One that comes while an interruption is being handled only calls `explain`: clean-up is finished.
    """

    def arrived(_number: int, _frame: object) -> None:
        if is_interruption(sys.exc_info()[1]):
            explain()
        else:
            raise KeyboardInterrupt

    _explanations.append(explain)
    for number in ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, arrived)


def is_interruption(failure: BaseException | None) -> bool:
    """Returns whether a failure is a `KeyboardInterrupt`, or came from one."""
    while failure is not None and not isinstance(failure, KeyboardInterrupt):
        failure = failure.__cause__ or failure.__context__
    return failure is not None


def failure_of(body: Callable[[], object]) -> BaseException | None:
    """Runs the body and returns what ended it, or None; afterwards, signals do nothing any more.

    So whatever is done about the result is done whole, and a signal of the last instant changes nothing.
    """
    try:
        try:
            body()
        finally:
            ignore_signals()
    except BaseException as failure:
        return failure
    return None


def ignore_signals() -> None:
    """Lets signals do nothing from now on, for good."""
    for number in ENDING if _is_main_thread() else ():
        signal.signal(number, lambda _number, _frame: None)


@contextmanager
def uninterrupted(explain: Explain = nothing) -> Iterator[None]:
    """Lets signals only call `explain` while the body runs, so that it is finished."""
    with _handled(ENDING, explain):
        yield


@contextmanager
def interruptible() -> Iterator[None]:
    """Lets signals raise `KeyboardInterrupt` while the body runs, inside work that is uninterrupted."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with _handled(ENDING, interrupt):
        yield


@contextmanager
def held_back() -> Iterator[None]:
    """Holds signals back while the body runs; one takes effect at its end, unless the body failed.

    The body is the clean-up of an earlier interruption, or something that must not be half done.
    """
    arrived: list[bool] = []

    def hold() -> None:
        if is_interruption(sys.exc_info()[1]):
            _explanations[-1]()
        else:
            arrived.append(True)

    with _handled(ENDING, hold):
        yield
    if arrived:
        signal.raise_signal(signal.SIGINT)


@contextmanager
def outlasting_terminal() -> Iterator[None]:
    """Lets a closed terminal end nothing while the body runs."""
    with _handled((signal.SIGHUP,), nothing):
        yield


def saying_once(say: Callable[[str], None], line: Callable[[], str]) -> Explain:
    """Returns an explanation that says `line`, unless that is what it said last."""
    said: list[str] = []

    def explain() -> None:
        news = line()
        if news not in said[-1:]:
            said.append(news)
            say(news)

    return explain


@contextmanager
def _handled(numbers: Collection[signal.Signals], act: Callable[[], None]) -> Iterator[None]:
    """Calls `act` for these signals; leaves alone what the body decided for good."""

    def arrived(_number: int, _frame: object) -> None:
        act()

    before = {number: signal.getsignal(number) for number in numbers if _is_main_thread()}
    try:
        for number in before:
            signal.signal(number, arrived)
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is arrived:
                signal.signal(number, handler)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
