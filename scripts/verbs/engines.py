"""Meets Docker engines of every kind, and writes ENGINES.md from what was seen.

    scripts/engines              every engine
    scripts/engines SELECTION    these tests, as for scripts/test; they replace their lines in the table

It has the same requirements as scripts/test. A new kind of engine is a line of `KINDS` in
tests/engines/test_served.py, or a test in tests/engines/test_refused.py.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
REPORT = SCRIPTS.parent / "ENGINES.md"
RECORD = "AIRLOCK_ENGINES"
SELECTION = ("tests/engines",)
DONE, REFUSED = 0, 3  # exit codes
UNTRIED = "not tried"
RULE = "| --- | --- | --- | --- | --- | --- |\n"
HEAD = f"""\
# Engines and hosts

On each of these engines, a small release was exported or imported with the command that a person types.
`scripts/engines` writes this table from how the commands ended; only why something was not tried is typed by
hand. "Recorded answers" are those of a real engine about itself, which is all that a refusal needs;
"changed" ones are those of Docker 26.1 with what the documentation of other engines says.

| Engine or host | Command | Outcome | Reason | The engine was | Seen on |
{RULE}"""
NOT_TRIED = {
    "Docker 29": "no package of it was within reach. It is asked in API 1.51, which it accepts",
    "Docker from snap, release below /home": "snapd needs systemd. The preflight warns",
    "Docker with userns-remap": "no test was written. The preflight warns",
}
Row = tuple[str, ...]
Case = Mapping[str, str | int]


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
        before = REPORT.read_text("utf-8") if REPORT.exists() else ""
        REPORT.write_text(report(before, cases, datetime.now(timezone.utc)), encoding="utf-8")
    return code


def report(before: str, cases: Iterable[Case], now: datetime) -> str:
    """Returns the page with these cases; engines and commands that were not tried now keep their lines."""
    rows = {row[:2]: row for row in (*_rows_of(before), *(_row(case, now) for case in cases))}
    seen = {engine for engine, _command in rows}
    untried = [_row_of(name, why) for name, why in NOT_TRIED.items() if name not in seen]
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in (*_in_order(rows.values()), *untried))


def _rows_of(page: str) -> Iterator[Row]:
    """Returns the rows of a page that were seen."""
    for line in page.partition(RULE)[2].splitlines():
        row = tuple(line.removeprefix("| ").removesuffix(" |").split(" | "))
        if row[2] != UNTRIED:
            yield row


def _row(case: Case, now: datetime) -> Row:
    code = int(case["exit_code"])
    outcome = {DONE: "served", REFUSED: "refused in words"}.get(code, f"failed with {code}")
    reason = str(case["words"]).replace("|", "/") or "–"
    return (str(case["engine"]), str(case["command"]), outcome, reason, str(case["way"]), f"{now:%Y-%m-%d}")


def _row_of(engine: str, why: str) -> Row:
    return (engine, "–", UNTRIED, why, "–", "–")


def _in_order(rows: Iterable[Row]) -> Sequence[Row]:
    """Returns what is served first."""
    return sorted(rows, key=lambda row: (row[2] != "served", row[0].lower(), row[1]))


if __name__ == "__main__":
    sys.exit(main())
