"""Takes the measures on a site: in turn, one at a time, each from the same state."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmark.figures import Taken
from benchmark.generator import table_names
from benchmark.measures import (
    BACKUP,
    COLD_COPY,
    GOING_BACK,
    LOADED,
    PLAIN,
    READING,
    RESTORE,
    ByHand,
    Ours,
)
from benchmark.site import DATABASE, BenchSite
from installer.mariadb.server.programs import PASSWORD_VARIABLE, find_programs
from installer.mariadb.server.queries import quoted, run_sql
from installer.mariadb.server.server import connect
from installer.system.files.files import remove_tree
from testbed.problem import TestbedProblem

LAST_WORDS = 2000
SOURCES = Path(__file__).resolve().parents[2]


@dataclass
class Bench:
    """A site on which measures are taken; `results` grows, by the measures' names."""

    site: BenchSite
    pause_seconds: int
    tell: Callable[[str], None]
    results: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))

    def read(self, pairs: int) -> None:
        """All that only reads a running server, every other round in the opposite order."""
        self._run(PLAIN)  # what it reads is in the page cache from now on
        for number in range(pairs):
            for measure in READING if number % 2 == 0 else reversed(READING):
                self.take(measure)

    def roll_back(self, pairs: int) -> None:
        """A copy of the files, a change that went wrong, the way back, and the proof."""
        for _number in range(pairs):
            self.site.stop()
            self.take(COLD_COPY)
            self.site.start()
            self._do_harm()
            for measure in GOING_BACK:
                self.take(measure)
            remove_tree(self.site.copies)

    def load(self, pairs: int) -> None:
        """The dump into an empty schema, and the backup over a full one, each by a server just started."""
        for _number in range(pairs):
            self._empty_schema()
            self.site.restart()
            self.take(LOADED)
            self.site.restart()
            self.take(RESTORE)

    def take(self, measure: ByHand | Ours) -> None:
        """One run, after a pause in which the disk comes to rest."""
        self._forget_earlier(measure)
        os.sync()
        time.sleep(self.pause_seconds)
        taken = self._run(measure)
        self.tell(f"  {measure.name}: {taken.seconds:.1f} s")
        self.results[measure.name].append(taken)

    def typed(self, measure: ByHand) -> str:
        """The command line as a person types it on this site."""
        programs = find_programs(self.site.container().id)
        return measure.line.format(
            db=self.site.container_name,
            dump=programs.dump,
            client=programs.client,
            checksums=" ".join(f"CHECKSUM TABLE {name} EXTENDED;" for name in table_names()),
        )

    def _run(self, measure: ByHand | Ours) -> Taken:
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
            raise TestbedProblem(f"{measure.name} failed. It says:\n{done.stderr[-LAST_WORDS:]}")
        if isinstance(measure, Ours):
            return Taken(seconds, **json.loads(done.stdout.splitlines()[-1]))
        left = self.site.directory / measure.leaves if measure.leaves else None
        return Taken(seconds, disk_bytes=left.stat().st_size if left else None)

    def _words(self, measure: ByHand | Ours) -> tuple[str, ...]:
        if isinstance(measure, ByHand):
            return ("bash", "-o", "pipefail", "-c", self.typed(measure))
        return (sys.executable, "-m", "benchmark.ours", measure.name, str(self.site.directory))

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            PASSWORD_VARIABLE: self.site.password.reveal(),
            "PYTHONPATH": f"{SOURCES}:{SOURCES / 'scripts'}",
            "LC_ALL": "C.UTF-8",
        }

    def _forget_earlier(self, measure: ByHand | Ours) -> None:
        """A new file costs less than one that must be emptied first."""
        if isinstance(measure, ByHand) and measure.leaves:
            (self.site.directory / measure.leaves).unlink(missing_ok=True)
        if measure is BACKUP and self.site.backups.exists():
            remove_tree(self.site.backups)

    def _do_harm(self) -> None:
        with connect(self.site.address()) as connection:
            run_sql(connection, "UPDATE orders SET total = total + 1")
            run_sql(connection, "ALTER TABLE customers ADD COLUMN half_done INT")

    def _empty_schema(self) -> None:
        with connect(self.site.address(), schema=False) as connection:
            run_sql(connection, f"DROP DATABASE {quoted(DATABASE)}")
            run_sql(connection, f"CREATE DATABASE {quoted(DATABASE)} CHARACTER SET utf8mb4")
