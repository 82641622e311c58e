"""Measures on a site: in turn, one at a time, each from the same state."""

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
    """A measured site; `results` collects the figures by the measures' names."""

    site: BenchSite
    pause_seconds: int
    tell: Callable[[str], None]
    results: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))

    def read(self, pairs: int) -> None:
        """Measures all reads of a running server, every other round in reverse order."""
        self._run(PLAIN)  # fills the page cache
        for number in range(pairs):
            for measure in READING if number % 2 == 0 else reversed(READING):
                self.take(measure)

    def roll_back(self, pairs: int) -> None:
        """Measures a copy of the files, then, after a damaging change, the rollback and the comparison."""
        for _number in range(pairs):
            self.site.stop()
            self.take(COLD_COPY)
            self.site.start()
            self._do_harm()
            for measure in GOING_BACK:
                self.take(measure)
            remove_tree(self.site.copies)

    def load(self, pairs: int) -> None:
        """Measures loading the dump into an empty schema and the backup over a full one, after restarts."""
        for _number in range(pairs):
            self._empty_schema()
            self.site.restart()
            self.take(LOADED)
            self.site.restart()
            self.take(RESTORE)

    def take(self, measure: ByHand | Ours) -> None:
        """Runs a measure once, after a pause in which the disk becomes idle."""
        self._forget_earlier(measure)
        os.sync()
        time.sleep(self.pause_seconds)
        taken = self._run(measure)
        self.tell(f"  {measure.name}: {taken.seconds:.1f} s")
        self.results[measure.name].append(taken)

    def typed(self, measure: ByHand) -> str:
        """Returns the command as typed by hand on this site."""
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
            raise TestbedProblem(f"{measure.name} failed. Its output:\n{done.stderr[-LAST_WORDS:]}")
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
        """Removes old output: a new file costs less than truncating one."""
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
