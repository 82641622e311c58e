"""Random PostgreSQL databases, random migrations that fail, the way back by the stopped server's files."""

import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from installer.operations.plan.import_plan import Snapshot
from installer.operations.snapshot.snapshot import put_back, take_snapshot
from installer.system.docker.docker import Engine
from tests.mariadb.backups import Told
from tests.postgresql.live_postgresql import live_postgresql
from tests.randomised.dice import Dice
from tests.randomised.journey import differing_lines
from tests.randomised.postgresql.databases import major_of, random_database, standing
from tests.randomised.postgresql.journey import everything, fail
from tests.randomised.postgresql.migrations import failing_migrations
from tests.testbed.postgresql import PostgreSQL, wait_until_ready

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

SEEDS = range(2026_11_30_500, 2026_11_30_508)


@pytest.mark.parametrize("major", [15, 17, 18])
def test_files_that_are_put_back_bring_back_every_database(
    engine: Engine, tmp_path: Path, major: int
) -> None:
    kept = Snapshot(live=tmp_path / "data", holder=tmp_path / ".kept", volume=None)
    kept.live.mkdir()
    with live_postgresql(engine, kept.live, major) as live, ExitStack() as stack:
        server = PostgreSQL(live.address.container_id, live.address.host, live.address.password)
        dice = {seed: Dice(seed) for seed in SEEDS}
        databases = {seed: random_database(dice[seed], seed, major_of(server)) for seed in SEEDS}
        addresses = {seed: stack.enter_context(standing(server, one)) for seed, one in databases.items()}
        before = {seed: everything(address) for seed, address in addresses.items()}
        _stop(server)
        take_snapshot(kept, engine, "airlock-test")
        _start(server)
        for seed, address in addresses.items():
            fail(address, failing_migrations(dice[seed], databases[seed]), Told())
            assert everything(address) != before[seed]
        _stop(server)
        put_back(kept)
        _start(server)
        after = {seed: everything(address) for seed, address in addresses.items()}
        assert {seed: differing_lines(before[seed], after[seed]) for seed in SEEDS} == {
            seed: [] for seed in SEEDS
        }


def _stop(server: PostgreSQL) -> None:
    """As an import stops it: the files are complete in themselves."""
    subprocess.run(("docker", "stop", "--time", "60", server.container_id), check=True, capture_output=True)


def _start(server: PostgreSQL) -> None:
    subprocess.run(("docker", "start", server.container_id), check=True, capture_output=True)
    wait_until_ready(server)
