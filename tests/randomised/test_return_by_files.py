"""Random databases, random migrations that fail, and the way back by the files of the stopped server."""

import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.operations.plan.import_plan import Snapshot
from installer.operations.snapshot.snapshot import put_back, take_snapshot
from installer.system.docker.docker import Engine
from tests.mariadb.backups import Told
from tests.mariadb.schemas import Picture, picture
from tests.randomised.databases import random_database, standing
from tests.randomised.dice import Dice
from tests.randomised.evidence import Evidence, evidence
from tests.randomised.journey import differing_lines, fail
from tests.randomised.migrations import failing_migrations
from tests.testbed.mariadb import DATA, MariaDB, restart, running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

SEEDS = range(2026_11_22_500, 2026_11_22_520)


def test_files_that_are_put_back_bring_back_every_database(engine: Engine, tmp_path: Path) -> None:
    kept = Snapshot(live=tmp_path / "data", holder=tmp_path / ".kept", volume=None)
    with (
        running_mariadb("mariadb:10.11", data=f"--volume={kept.live}:{DATA}") as server,
        ExitStack() as stack,
    ):
        dice = {seed: Dice(seed) for seed in SEEDS}
        databases = {seed: random_database(dice[seed], seed) for seed in SEEDS}
        addresses = {seed: stack.enter_context(standing(server, one)) for seed, one in databases.items()}
        stop(server)
        restart(server)  # which by itself moves the numbering of a table whose numbers were changed by hand
        before = {seed: everything(address) for seed, address in addresses.items()}
        stop(server)
        take_snapshot(kept, engine, "airlock-test")
        restart(server)
        for seed, address in addresses.items():
            fail(address, failing_migrations(dice[seed], databases[seed]), Told())
            assert everything(address) != before[seed]
        stop(server)
        put_back(kept)
        restart(server)
        after = {seed: everything(address) for seed, address in addresses.items()}
        assert {seed: differing_lines(before[seed], after[seed]) for seed in SEEDS} == {
            seed: [] for seed in SEEDS
        }


def everything(address: DatabaseAddress) -> tuple[Picture, Evidence]:
    """What the product sees and what the tests see; FLOAT columns are exact here, too."""
    return picture(address), evidence(address)


def stop(server: MariaDB) -> None:
    """As an import stops it: the files are complete in themselves."""
    subprocess.run(("docker", "stop", "--time", "60", server.container_id), check=True, capture_output=True)
