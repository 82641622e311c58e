"""Random PostgreSQL databases with objects of every kind, random migrations that fail: then all is as it was.

Every run is thrown from a seed. To repeat one: AIRLOCK_SEED=<seed> scripts/test tests/randomised -k one_seed
"""

import os
import secrets
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.randomised.postgresql.journey import differences_after
from tests.testbed.postgresql import PostgreSQL, running_postgresql

pytestmark = [pytest.mark.engine, pytest.mark.database]

BASE = 2026_11_30
FRESH = int(os.environ.get("AIRLOCK_SEED", secrets.randbelow(10**9)))
IN_LONG = {15: 30, 17: 40, 18: 30}  # databases by major version


@pytest.mark.parametrize("seed", range(BASE, BASE + 5))
def test_a_failed_migration_is_undone_exactly(seed: int, postgresql: PostgreSQL, tmp_path: Path) -> None:
    assert differences_after(seed, postgresql, tmp_path) == []


def test_so_is_one_that_nobody_has_seen_before_from_one_seed(postgresql: PostgreSQL, tmp_path: Path) -> None:
    seeds = [FRESH] if "AIRLOCK_SEED" in os.environ else [FRESH, FRESH + 1]
    assert {seed: differences_after(seed, postgresql, tmp_path) for seed in seeds} == {
        seed: [] for seed in seeds
    }


@pytest.mark.long
@pytest.mark.parametrize("major", IN_LONG)
def test_a_hundred_random_databases_come_back_without_a_difference(
    major: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = IN_LONG[major] // 2
    begin = 1000 * major
    seeds = (*range(BASE + begin, BASE + begin + half), *range(FRESH + begin, FRESH + begin + half))
    with running_postgresql(f"postgres:{major}") as server:
        failures = [line for seed in seeds for line in _outcome(seed, server, tmp_path / str(seed))]
    with capsys.disabled():
        about = f"PostgreSQL {major}: {len(seeds)} databases, seeds {_ranges(seeds)}"
        sys.stdout.write(f"\n{about}: {len(failures)} differences\n")
    assert failures == []


def _outcome(seed: int, server: PostgreSQL, folder: Path) -> Iterator[str]:
    """One line for each difference, or the error that ended the run, each with the seed."""
    try:
        yield from (f"seed {seed}: {line}" for line in differences_after(seed, server, folder))
    except Exception:
        yield f"seed {seed}: {traceback.format_exc()}"


def _ranges(seeds: Sequence[int]) -> str:
    half = len(seeds) // 2
    return f"{seeds[0]} to {seeds[half - 1]} and {seeds[half]} to {seeds[-1]}"
