"""A temporary server on the files of one that stopped says what that one would, and changes none."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.database.door.kept_files import KeptFiles
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.database.benches import BENCHES, Bench
from tests.database.test_contract import in_time, picture_of
from tests.mariadb.backups import Told

pytestmark = [pytest.mark.engine, pytest.mark.database]
NOW = datetime(2026, 11, 30, 1, 2, 3, tzinfo=timezone.utc)


@pytest.fixture(params=[*map(in_time, BENCHES)])
def bench(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[Bench]:
    place = tmp_path / "its data"
    place.mkdir()
    with BENCHES[request.param](engine, place) as bench:
        yield bench


def test_kept_files_say_what_their_server_said_and_stay_as_they_are(
    bench: Bench, engine: Engine, tmp_path: Path
) -> None:
    bench.execute(bench.scripts.fill)
    before = picture_of(bench.engine.locate(bench.service, bench.container))
    output_of(("docker", "stop", "--time", "60", bench.container.id))
    files = files_in(bench.data)
    with engine.scratch("site") as scratch:
        service = replace(bench.service, environment=bench.container.environment)
        kept = KeptFiles(engine, scratch, data_directory(bench.data), bench.container.image_id, service)
        database = bench.engine.over_files(kept)
        backup = database.back_up(
            tmp_path, reason="before_migration", now=NOW, console=Told().console, label="db"
        )
        found = picture_of(database)
        bench.engine.verify_backup(backup)
    assert (found, backup.tables) == (before, dict(before.tables))
    assert files_in(bench.data) == files
    assert left_in(engine) == ""


def data_directory(place: Path) -> Path:
    """Returns the directory itself: images of PostgreSQL 18 have it deeper in their volume."""
    return min(place.rglob("PG_VERSION"), key=lambda path: len(path.parts), default=place / "file").parent


def files_in(folder: Path) -> dict[str, tuple[str, int, int, int]]:
    """Returns content, owner, mode and time of each file."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (digest, status.st_uid, status.st_mode, status.st_mtime_ns)
    return found


def left_in(engine: Engine) -> str:
    """Returns the volumes and containers of a scratch that are left."""
    label = ("--filter", "label=airlock.scratch", "--quiet")
    return output_of(("docker", "volume", "ls", *label)) + output_of(("docker", "ps", "--all", *label))
