"""Runs all tests in parallel parts, each on its own server: most of the time they wait for containers."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from testbed.images import USUAL
from testbed.life import server
from testbed.server import Server

DATABASES = ("tests/mariadb", "tests/postgresql")
FOLDERS = ("tests/operations", *DATABASES, "tests/randomised", "tests/journeys", "tests/faults")
BARE = "tests/testbed/test_bare_debian.py"
REFUSALS = ("tests/faults/test_refusals.py",)
UPGRADES = tuple(
    f"tests/journeys/test_{name}.py" for name in ("rollback", "upgrade", "upgraded_site", "ways_in")
)


def _without(*words: str) -> tuple[str, ...]:
    return tuple(f"--ignore={word}" for word in words)


PARTS = {  # of about the same length, but for the last
    "units": ("tests", *_without(*FOLDERS, BARE)),
    "operations": ("tests/operations", "tests/randomised"),
    "databases": DATABASES,
    "journeys": ("tests/journeys", *_without(*UPGRADES)),
    "upgrades": UPGRADES,
    "faults": ("tests/faults", *_without(*REFUSALS)),
    "refusals": REFUSALS,
    "bare": (BARE,),
}
SHARED_PACKAGES = "AIRLOCK_TEST_PACKAGES"  # the folder of the example's packages, for all parts
ACCOUNT = re.compile(
    r"(?P<ran>\d+) tests ran: (?P<engine>\d+) on .*, (?P<database>\d+) of .*\n"
    r"(?P<passed>\d+) passed, (?P<failed>\d+) failed(?:, (?P<skipped>\d+) skipped)?\n"
)
Start = Callable[[Server, Sequence[str], IO[str]], "subprocess.Popen[str]"]


@dataclass(frozen=True)
class Part:
    """A running part; its output is kept until it ends."""

    name: str
    process: "subprocess.Popen[str]"
    output: IO[str]
    began: float

    def ended(self) -> str:
        """Waits for its end, and returns all its output."""
        self.process.wait()
        self.output.seek(0)
        return self.output.read()


def run_in_parts(start: Start, words: Sequence[str], note: str) -> int:
    """Runs every part with the pytest `words`; prints the output of each, then `note` and the sum."""
    total: Counter[str] = Counter()
    with ExitStack() as resources:
        os.environ[SHARED_PACKAGES] = resources.enter_context(tempfile.TemporaryDirectory())
        running = [_started(name, start, words, resources) for name in PARTS]
        for part in running:
            said = part.ended()
            print(f"== {part.name}, {time.monotonic() - part.began:.0f} s\n{said}", flush=True)
            total.update(_account(said))
    if note:
        print(note)
    _print_sum(total)
    return 1 if total["failed"] or any(part.process.returncode for part in running) else 0


def _started(name: str, start: Start, words: Sequence[str], resources: ExitStack) -> Part:
    engine = resources.enter_context(server(name, images=USUAL))
    output: IO[str] = resources.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
    process = start(engine, (*words, *PARTS[name]), output)
    resources.callback(_end, process)
    print(f"Testing: {name} …", file=sys.stderr, flush=True)
    return Part(name, process, output, time.monotonic())


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)  # pytest must clean up, too
        process.wait()


def _account(said: str) -> dict[str, int]:
    found = ACCOUNT.search(said)
    return {name: int(count or 0) for name, count in found.groupdict().items()} if found else {"failed": 1}


def _print_sum(total: Counter[str]) -> None:
    print(
        f"{total['ran']} tests ran: {total['engine']} on a real Docker engine, "
        f"{total['database']} of these with a real database server"
    )
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}", flush=True)
