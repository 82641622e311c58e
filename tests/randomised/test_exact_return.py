"""Random databases with objects of every kind, random migrations that fail: afterwards all is as it was.

Every run is thrown from a seed. To repeat one: AIRLOCK_SEED=<seed> scripts/test tests/randomised -k one_seed
"""

import os
import secrets
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Queue

import pytest

from tests.randomised.journey import differences_after
from tests.testbed.mariadb import MariaDB, running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database]

BASE = 2026_11_22
FRESH = int(os.environ.get("AIRLOCK_SEED", secrets.randbelow(10**9)))
SERVERS = 2  # one lock for migrations each, so that many runs need many servers


@pytest.mark.parametrize("seed", range(BASE, BASE + 12))
def test_a_failed_migration_is_undone_exactly(seed: int, mariadb: MariaDB, tmp_path: Path) -> None:
    assert differences_after(seed, mariadb, tmp_path) == []


def test_so_is_one_that_nobody_has_seen_before_from_one_seed(mariadb: MariaDB, tmp_path: Path) -> None:
    seeds = [FRESH] if "AIRLOCK_SEED" in os.environ else [FRESH, FRESH + 1, FRESH + 2]
    assert {seed: differences_after(seed, mariadb, tmp_path) for seed in seeds} == {
        seed: [] for seed in seeds
    }


@pytest.mark.long
def test_two_hundred_random_databases_come_back_without_a_difference(
    servers_with_memory: "Queue[MariaDB]", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = (*range(BASE + 100, BASE + 200), *range(FRESH + 100, FRESH + 200))

    def run(seed: int) -> tuple[str, ...]:
        server = servers_with_memory.get()
        try:
            return _outcome(seed, server, tmp_path / str(seed))
        finally:
            servers_with_memory.put(server)

    with ThreadPoolExecutor(SERVERS) as pool:
        failures = [line for lines in pool.map(run, seeds) for line in lines]
    with capsys.disabled():
        sys.stdout.write(f"\n{len(seeds)} databases, seeds {_ranges(seeds)}: {len(failures)} differences\n")
    assert failures == []


@pytest.fixture
def servers_with_memory() -> "Iterator[Queue[MariaDB]]":
    """Servers of their own, each for one run at a time."""
    waiting: Queue[MariaDB] = Queue()
    with ExitStack() as running:
        for _number in range(SERVERS):
            waiting.put(running.enter_context(running_mariadb("mariadb:10.11")))
        yield waiting


def _outcome(seed: int, server: MariaDB, folder: Path) -> tuple[str, ...]:
    """One line for each difference, or the error that ended the run, each with the seed."""
    try:
        return tuple(f"seed {seed}: {line}" for line in differences_after(seed, server, folder))
    except Exception:
        return (f"seed {seed}: {traceback.format_exc()}",)


def _ranges(seeds: Sequence[int]) -> str:
    half = len(seeds) // 2
    return f"{seeds[0]} to {seeds[half - 1]} and {seeds[half]} to {seeds[-1]}"
