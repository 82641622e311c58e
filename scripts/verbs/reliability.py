"""Breaks imports, restores and rollbacks at every moment, and writes RELIABILITY.md from what was seen.

    scripts/reliability              every case: hours
    scripts/reliability SELECTION    these tests, as for scripts/test; they replace their lines in the report

It has the same requirements as scripts/test.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
REPORT = ROOT / "RELIABILITY.md"
RECORD = "AIRLOCK_RELIABILITY"
SELECTION = ("tests/faults",)
HEAD = """\
# Reliability

What Airlock does when the power fails, a process is killed, the engine restarts or a disk is full: each case
broke a run on a real site at one moment, then gave one command, and compared data, services and files with
what they must be. `scripts/reliability` writes this file; nothing in it is typed by hand. A suite that was
ended early lists the cases that it reached.
"""
Cases = Sequence["dict[str, str | bool]"]


def main() -> int:
    words = sys.argv[1:]
    if words and words[0] in ("--help", "-h"):
        print(__doc__)
        return 0
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as record:
        command = (SCRIPTS / "test", "--long", *(words or SELECTION))
        code = subprocess.run(command, env={**os.environ, RECORD: record.name}, check=False).returncode
        cases = [json.loads(line) for line in record]
    if cases:
        write_report(cases)
    return code


def write_report(cases: Cases) -> None:
    """Writes the report: these cases, and those of earlier runs whose suites did not run now."""
    sections = {**_sections(REPORT.read_text("utf-8") if REPORT.exists() else ""), **_written(cases)}
    text = "\n".join((HEAD, *(sections[name] for name in sorted(sections))))
    REPORT.write_text(text, encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Returns the sections of a report by their titles."""
    parts = text.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def _written(cases: Cases) -> dict[str, str]:
    suites = dict.fromkeys(str(case["suite"]) for case in cases)
    return {suite: "\n".join(_section(suite, [c for c in cases if c["suite"] == suite])) for suite in suites}


def _section(suite: str, cases: Cases) -> Iterator[str]:
    good = sum(bool(case["is_good"]) for case in cases)
    at = datetime.now(timezone.utc)
    yield f"## {suite}\n"
    yield (
        f"{len(cases)} cases, {good} ended as they must, {len(cases) - good} did not;"
        f" {at:%Y-%m-%d}, {cases[0]['versions']}.\n"
    )
    yield "| Moment | Cases | As it must |"
    yield "| --- | --- | --- |"
    every = Counter(_moment(case) for case in cases)
    right = Counter(_moment(case) for case in cases if case["is_good"])
    for moment, count in every.items():
        yield f"| {moment} | {count} | {right[moment]} |"
    yield ""


def _moment(case: "dict[str, str | bool]") -> str:
    return str(case["moment"]) or "before the first record"


if __name__ == "__main__":
    sys.exit(main())
