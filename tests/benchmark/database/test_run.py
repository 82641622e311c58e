"""`scripts/bench database` as a whole, on a database so small that its figures say nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmark.database.measures import OURS
from benchmark.database.products import PRODUCTS
from installer.system.docker.docker import Engine

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.engine
@pytest.mark.database
@pytest.mark.long
@pytest.mark.parametrize("name", PRODUCTS)
def test_a_run_writes_its_report_and_leaves_nothing_else(tmp_path: Path, name: str) -> None:
    report, engine = tmp_path / "report.md", Engine.connect()
    containers, work = engine.containers(), tmp_path / "work"
    work.mkdir()
    words = ("--engine", name, "--size", "8M", "--pairs", "1", "--pause", "0", "--output", str(report))
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
    product = PRODUCTS[name]
    assert len(rows) == headings + len(product.targets) + memory + len(product.by_hand.all) + len(OURS)
    assert engine.containers() == containers
    assert list(work.iterdir()) == []


def test_a_size_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmark.database.__main__ import arguments

    with pytest.raises(SystemExit):
        arguments(["--size", "2 GB"])
    assert "'2 GB' is not a size such as 512M or 2G" in capsys.readouterr().err
    assert (arguments([]).engine, arguments([]).size) == ("mariadb", 2 << 30)
