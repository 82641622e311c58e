"""`scripts/bench database` as a whole, on a database so small that its figures say nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmark.measures import BY_HAND, OURS, TARGETS
from installer.system.docker.docker import Engine

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.engine
@pytest.mark.database
@pytest.mark.long
def test_a_run_writes_its_report_and_leaves_nothing_else(tmp_path: Path) -> None:
    report, engine = tmp_path / "report.md", Engine.connect()
    containers, work = engine.containers(), tmp_path / "work"
    work.mkdir()
    words = ("--size", "8M", "--pairs", "1", "--pause", "0", "--output", str(report))
    done = subprocess.run(
        (sys.executable, "-m", "benchmark.database", *words),
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT}", "TMPDIR": str(work)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = report.read_text()
    assert done.stdout.strip() in written
    rows = [line for line in written.splitlines() if line.startswith("| ") and "---" not in line]
    headings, memory = 3, 1 + 4
    assert len(rows) == headings + len(TARGETS) + memory + len(BY_HAND) + len(OURS)
    assert engine.containers() == containers
    assert list(work.iterdir()) == []


def test_a_size_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmark.database import arguments

    with pytest.raises(SystemExit):
        arguments(["--size", "2 GB"])
    assert "'2 GB' is not a size such as 512M or 2G" in capsys.readouterr().err
    assert arguments([]).size == 2 << 30
