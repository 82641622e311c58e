"""Measures on a site: in turn, one at a time, each from the same state."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmark.database.measures import (
    BACKUP,
    COLD_COPY,
    GOING_BACK,
    RESTORE,
    ByHand,
    Measure,
    Ours,
    reading,
)
from benchmark.database.site import BenchSite
from benchmark.figures import Taken
from benchmark.sources import SOURCES
from installer.system.files.files import remove_tree
from testbed.problem import TestbedProblem

LAST_WORDS = 2000


@dataclass
class Bench:
    """A measured site; `results` collects the figures by the measures' names."""

    site: BenchSite
    pause_seconds: int
    tell: Callable[[str], None]
    results: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))

    def read(self, pairs: int) -> None:
        """Measures all reads of a running server, every other round in reverse order."""
        measures = reading(self.site.product.by_hand)
        self._run(self.site.product.by_hand.plain)  # fills the page cache
        for number in range(pairs):
            for measure in measures if number % 2 == 0 else reversed(measures):
                self.take(measure)

    def roll_back(self, pairs: int) -> None:
        """Measures a copy of the files, then, after a damaging change, the rollback and the comparison."""
        for _number in range(pairs):
            self.site.stop()
            self.take(COLD_COPY)
            self.site.start()
            self.site.product.do_harm(self.site.address())
            for measure in GOING_BACK:
                self.take(measure)
            remove_tree(self.site.copies)

    def load(self, pairs: int) -> None:
        """Measures loading the dump into an empty database and the backup over a full one, after restarts."""
        for _number in range(pairs):
            self.site.product.empty(self.site.address())
            self.site.restart()
            self.take(self.site.product.by_hand.loaded)
            self.site.restart()
            self.take(RESTORE)

    def take(self, measure: Measure) -> None:
        """Runs a measure once, after a pause in which the disk becomes idle."""
        self._forget_earlier(measure)
        os.sync()
        time.sleep(self.pause_seconds)
        taken = self._run(measure)
        self.tell(f"  {measure.name}: {taken.seconds:.1f} s")
        self.results[measure.name].append(taken)

    def typed(self, measure: ByHand) -> str:
        """Returns the command as typed by hand on this site."""
        return measure.line.format(db=self.site.container_name)

    def _run(self, measure: Measure) -> Taken:
        words = self._words(measure)
        began = time.monotonic()
        done = subprocess.run(
            words,
            cwd=self.site.directory,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - began
        if done.returncode:
            raise TestbedProblem(f"{measure.name} failed. Its output:\n{done.stderr[-LAST_WORDS:]}")
        if isinstance(measure, Ours):
            return Taken(seconds, **json.loads(done.stdout.splitlines()[-1]))
        left = self.site.directory / measure.leaves if measure.leaves else None
        return Taken(seconds, disk_bytes=left.stat().st_size if left else None)

    def _words(self, measure: Measure) -> tuple[str, ...]:
        if isinstance(measure, ByHand):
            return ("bash", "-o", "pipefail", "-c", self.typed(measure))
        return (sys.executable, "-m", "benchmark.database.ours", measure.name, str(self.site.directory))

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            self.site.product.password_variable: self.site.password.reveal(),
            "PYTHONPATH": f"{SOURCES}:{SOURCES / 'scripts'}",
            "LC_ALL": "C.UTF-8",
        }

    def _forget_earlier(self, measure: Measure) -> None:
        """Removes old output: a new file costs less than truncating one."""
        if isinstance(measure, ByHand) and measure.leaves:
            (self.site.directory / measure.leaves).unlink(missing_ok=True)
        if measure is BACKUP and self.site.backups.exists():
            remove_tree(self.site.backups)
