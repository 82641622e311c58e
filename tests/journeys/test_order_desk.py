"""The example with two databases: installed, upgraded, and brought back when the second database fails."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = (
    "the dumps of catalog are byte for byte the same",
    "the dumps of orders are byte for byte the same",
    "PostgreSQL was migrated before",
)
pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]


def test_the_demo_of_two_databases_holds_all_that_it_claims() -> None:
    done = subprocess.run(
        (sys.executable, ROOT / "scripts/verbs/demo.py", "--private", "--example", "order-desk"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-9000:] + done.stderr[-3000:]
    assert [claim for claim in CLAIMS if f"✓ {claim}" not in done.stdout] == []
