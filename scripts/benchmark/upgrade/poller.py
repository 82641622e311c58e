"""Asks an application twenty times a second, and says from its answers how long it was away."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from testbed.problem import TestbedProblem

PERIOD_SECONDS = 0.05
PATIENCE_SECONDS = 1.0
HOST, PORT, PATH = "127.0.0.1", 8080, "/api/health"


@dataclass(frozen=True)
class Answer:
    """An answer: when it was asked for and when it came, and which version gave it."""

    asked: float
    came: float
    version: str

    @property
    def seconds(self) -> float:
        return self.came - self.asked


def outage_seconds(answers: Sequence[Answer], version: str) -> float:
    """Returns the time from the last good answer of another version to the first one of `version`.

    Of the same version, it is the longest time between two good answers.
    """
    others = [one for one in answers if one.version != version]
    if not others:
        return max(after.came - before.asked for before, after in pairwise(answers))
    last = others[-1]
    first = next((one for one in answers if one.version == version and one.asked > last.asked), None)
    if first is None:
        raise TestbedProblem(f"{version} never answered.")
    return first.came - last.asked


def percentile95(answers: Sequence[Answer]) -> float:
    """Returns the seconds within which 95 of 100 answers came; 0 without any."""
    times = sorted(one.seconds for one in answers)
    return times[int(0.95 * (len(times) - 1))] if times else 0.0


@contextmanager
def polling() -> Iterator[list[Answer]]:
    """Asks during the body; the list grows with each good answer."""
    answers: list[Answer] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            asked = time.time()
            version = _version()
            if version is not None:
                answers.append(Answer(asked, time.time(), version))
            over.wait(max(0.0, asked + PERIOD_SECONDS - time.time()))

    asker = threading.Thread(target=ask, name="poller", daemon=True)
    asker.start()
    try:
        yield answers
    finally:
        over.set()
        asker.join()


def _version() -> str | None:
    connection = http.client.HTTPConnection(HOST, PORT, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        content = answer.read()
        return str(json.loads(content)["version"]) if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return None
    finally:
        connection.close()
