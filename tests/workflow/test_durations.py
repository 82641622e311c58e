"""Seconds of steps, by the journal."""

from installer.workflow.durations import seconds_between, seconds_of
from installer.workflow.journal import Event


def at(second: float, what: str, name: str) -> Event:
    return Event(f"2026-11-30T01:02:{second:06.3f}+00:00", what, name)


EVENTS = (
    at(1, "started", "stop-services"),
    at(2.5, "finished", "stop-services"),
    at(3, "started", "start-services"),
    at(4, "started", "start-services"),  # resumed
    at(9, "finished", "start-services"),
    at(10, "started", "record"),
)


def test_a_step_takes_the_time_of_its_last_attempt() -> None:
    steps = ("stop-services", "start-services", "record", "migrate")
    assert [seconds_of(EVENTS, step) for step in steps] == [1.5, 5.0, None, None]


def test_from_one_step_to_another_every_attempt_counts() -> None:
    assert seconds_between(EVENTS, "stop-services", "start-services") == 8.0
    assert seconds_between(EVENTS, "start-services", "start-services") == 5.0
    assert seconds_between(EVENTS, "stop-services", "record") is None


def test_a_clock_that_was_put_back_makes_no_time_negative() -> None:
    events = (at(9, "started", "migrate"), at(2, "finished", "migrate"))
    assert seconds_of(events, "migrate") == 0.0
