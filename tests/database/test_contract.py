"""What every engine of databases promises behind the door, held against a real server of each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.door.drilled import Drilled, DrillRequest
from installer.database.door.running_database import Database
from installer.database.engines import ENGINES, engine_of
from installer.database.records.backup_record import Backup, read_backup
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.copy_request import CopyRequest
from installer.database.values.old_database import OldDatabase
from installer.database.values.picture import Picture
from installer.database.values.problems import MigrationStopped
from installer.errors import Refused
from installer.system.docker.docker import Engine
from installer.system.secret import Secret
from tests.database.benches import BENCHES, SCHEMA, Bench
from tests.mariadb.backups import Told, names_in

pytestmark = [pytest.mark.engine, pytest.mark.database]
NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc)


def in_time(name: str) -> object:
    """One major version is enough where time is short."""
    return pytest.param(name, marks=pytest.mark.long) if name.endswith(("15", "18")) else name


@pytest.fixture(scope="module", params=[*map(in_time, BENCHES)])
def running(
    request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    with BENCHES[request.param](engine, tmp_path_factory.mktemp("data")) as bench:
        yield bench


@pytest.fixture
def bench(running: Bench) -> Bench:
    running.execute(running.scripts.clear)
    return running


@pytest.fixture
def database(bench: Bench) -> Database:
    return bench.engine.locate(bench.service, bench.container)


def picture_of(database: Database) -> Picture:
    with database.at_one_moment() as moment:
        return moment.picture()


def names(migrations: Sequence[Migration]) -> tuple[str, ...]:
    return tuple(migration.name for migration in migrations)


def test_every_product_of_an_engine_has_a_bench() -> None:
    products = {product for engine in ENGINES for product in engine.products}
    assert products == {name.partition(" ")[0] for name in BENCHES}


def test_an_engine_knows_its_own_images_and_no_others(bench: Bench) -> None:
    assert engine_of(bench.image) is bench.engine
    assert [image for image in bench.scripts.foreign_images if bench.engine.recognises(image)] == []


def test_a_database_is_found_by_the_settings_of_its_container(database: Database, bench: Bench) -> None:
    assert (database.name, database.host) == (SCHEMA, bench.container.addresses[0])
    with pytest.raises(Refused):
        bench.engine.locate(bench.service, replace(bench.container, environment={}))


def test_a_server_that_runs_answers_and_its_files_are_known(bench: Bench, tmp_path: Path) -> None:
    assert bench.engine.answering()(bench.container)
    assert [bench.engine.holds_data(folder) for folder in (bench.data, tmp_path)] == [True, False]
    assert {mount.target for mount in bench.service.mounts} <= set(bench.engine.data_folders)


def test_credentials_that_the_server_does_not_accept_are_told(bench: Bench) -> None:
    secrets = {name: value for name, value in bench.container.environment.items() if "PASSWORD" in name}
    same = replace(bench.service, environment=bench.container.environment)
    wrong = {**bench.container.environment, **dict.fromkeys(secrets, Secret("wrong"))}
    refused = [bench.engine.refused_credentials(one, bench.container) for one in (same,)]
    refused.append(
        bench.engine.refused_credentials(replace(bench.service, environment=wrong), bench.container)
    )
    assert (refused[0], refused[1] is None) == (None, False)


def test_a_server_reads_files_of_its_own_series(bench: Bench, database: Database) -> None:
    engine = bench.engine
    running, image = (
        engine.series_of_version(database.facts().server_version),
        engine.series_of_image(bench.image),
    )
    newer = (image[0] + 1, *image[1:])
    assert [engine.keeps_files(running, image), engine.keeps_files(running, newer)] == [True, False]
    assert engine.series_of_files(bench.data) in ((), running)


def test_facts_grow_with_the_rows(database: Database, bench: Bench) -> None:
    before = database.facts()
    bench.execute(bench.scripts.fill)
    after = database.facts()
    assert after.product in bench.engine.products
    assert (before.data_bytes, after.data_bytes > 0, after.largest_table_bytes > 0) == (0, True, True)
    assert not after.has_files_elsewhere


def test_a_moment_does_not_see_what_is_written_meanwhile(database: Database, bench: Bench) -> None:
    bench.execute(bench.scripts.fill)
    with database.at_one_moment() as moment:
        bench.execute(bench.scripts.write)
        then = moment.contents()
        assert moment.is_frozen
    assert {table: content.rows for table, content in then.items()} == bench.scripts.rows
    assert picture_of(database).tables != then


def test_two_pictures_of_the_same_are_equal_and_of_other_rows_are_not(
    database: Database, bench: Bench
) -> None:
    bench.execute(bench.scripts.fill)
    first, second = picture_of(database), picture_of(database)
    bench.execute(bench.scripts.write)
    assert (first == second, first == picture_of(database)) == (True, False)


def test_rows_are_counted_and_tables_that_are_gone_left_out(database: Database, bench: Bench) -> None:
    bench.execute(bench.scripts.fill)
    assert database.row_counts((*bench.scripts.rows, "gone"), seconds=10) == bench.scripts.rows


def test_a_restore_brings_back_exactly_what_was_backed_up(
    database: Database, bench: Bench, tmp_path: Path
) -> None:
    bench.execute(bench.scripts.fill)
    database.refuse_obstacles()
    database.refuse_to_back_up(tmp_path)
    before = picture_of(database)
    backup = database.back_up(tmp_path, reason="manual", now=NOW, console=Told().console)
    bench.engine.verify_backup(backup)
    bench.execute(bench.scripts.change)
    assert picture_of(database).definitions != before.definitions
    database.restore(read_backup(backup.path), Told().console)
    assert picture_of(database) == before


def test_a_chosen_backup_is_loaded_and_seen_to_be_in_place(
    database: Database, bench: Bench, tmp_path: Path
) -> None:
    bench.execute(bench.scripts.fill)
    backup = database.back_up(tmp_path, reason="manual", now=NOW, console=Told().console)
    bench.execute(bench.scripts.change)
    prepared = database.prepare_restore(backup, Told().console)
    prepared.refuse_obstacles(tmp_path)
    assert (prepared.name, prepared.create_database) == (backup.path.name, backup.create_database)
    assert not prepared.is_in_place()
    settings = database.settings_before_loading()
    prepared.load()
    assert prepared.is_in_place()
    database.clear_up_after_load(settings)
    assert (database.settings_before_loading(), database.has_schema()) == (settings, True)
    assert {
        table: content.rows for table, content in picture_of(database).tables.items()
    } == bench.scripts.rows


def test_a_damaged_backup_is_refused(database: Database, bench: Bench, tmp_path: Path) -> None:
    bench.execute(bench.scripts.fill)
    backup = database.back_up(tmp_path, reason="manual", now=NOW, console=Told().console)
    content = bytearray(backup.path.read_bytes())
    content[len(content) // 2] ^= 1
    backup.path.write_bytes(content)
    with pytest.raises(Refused):
        bench.engine.verify_backup(backup)


def test_a_schema_that_lost_its_tables_is_not_backed_up(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        database.refuse_lost_tables(["20260101000000_users"])
    with pytest.raises(Refused):
        database.back_up(
            tmp_path,
            reason="manual",
            now=NOW,
            console=Told().console,
            known_migrations=["20260101000000_users"],
        )
    assert names_in(tmp_path) == []


def test_pending_migrations_are_applied_once_and_in_order(database: Database, bench: Bench) -> None:
    migrations = (bench.scripts.users, bench.scripts.seed)
    assert database.history(migrations) == MigrationStatus(pending=names(migrations))
    assert database.deploy(migrations, Told().console, planned=names(migrations)) == names(migrations)
    assert database.history(migrations) == MigrationStatus(applied=names(migrations))
    assert database.deploy(migrations, Told().console) == ()
    assert database.row_counts(["users"], seconds=10) == {"users": 2}


def test_what_was_not_planned_is_not_applied(database: Database, bench: Bench) -> None:
    migrations = (bench.scripts.users, bench.scripts.seed)
    with pytest.raises(Refused):
        database.deploy(migrations, Told().console, planned=names(migrations[:1]))
    assert database.history(migrations) == MigrationStatus(pending=names(migrations))


def test_a_migration_that_stops_is_kept_in_the_history_until_it_is_settled(
    database: Database, bench: Bench
) -> None:
    migrations = (bench.scripts.users, bench.scripts.broken)
    with pytest.raises(MigrationStopped):
        database.deploy(migrations, Told().console)
    status = database.history(migrations)
    assert [row.migration_name for row in status.failed] == [bench.scripts.broken.name]
    with pytest.raises(Refused):
        database.refuse_unless_deployable(status, ())
    database.resolve(migrations, bench.scripts.broken.name, "rolled-back")
    again = database.history(migrations)
    assert (again.failed, again.pending) == ((), names((bench.scripts.broken,)))


def test_a_schema_without_history_needs_a_baseline(database: Database, bench: Bench) -> None:
    bench.execute(bench.scripts.fill)
    migrations = (bench.scripts.users,)
    status = database.history(migrations)
    with pytest.raises(Refused):
        database.refuse_unless_deployable(status, migrations)
    database.baseline(migrations, Told().console)
    assert (status.unmanaged, database.history(migrations)) == (
        True,
        MigrationStatus(applied=names(migrations)),
    )


def test_a_rehearsal_works_on_a_copy_and_leaves_the_original_alone(
    database: Database, bench: Bench, engine: Engine
) -> None:
    database.deploy((bench.scripts.users, bench.scripts.seed), Told().console)
    before = picture_of(database)
    image = engine.image(bench.image)
    assert image is not None
    old = OldDatabase(bench.service, bench.container, "prisma/migrations")
    with engine.scratch("contract") as scratch:
        room = database.room_for_copy(engine)
        request = CopyRequest(engine, scratch, old, image.id, bench.service, room, Told().console)
        copied = database.copy(request)
        assert picture_of(copied.database) == before
        assert copied.database.backup_seconds(room.data_bytes) is not None
        migrations = (bench.scripts.users, bench.scripts.seed, bench.scripts.broken)
        rehearsal = copied.database.rehearse(migrations, Told().console)
    assert rehearsal.failure is not None
    assert (rehearsal.failure.migration, rehearsal.failure.number) == (bench.scripts.broken.name, 2)
    assert picture_of(database) == before


def test_a_drill_restores_into_a_server_of_its_own_and_names_what_differs(
    database: Database, bench: Bench, engine: Engine, tmp_path: Path
) -> None:
    bench.execute(bench.scripts.fill)
    backup = database.back_up(tmp_path, reason="manual", now=NOW, console=Told().console)
    bench.execute(bench.scripts.change)
    before, image = picture_of(database), engine.image(bench.image)
    assert image is not None

    def drill(backup: Backup) -> Drilled:
        with engine.scratch("contract") as scratch:
            return bench.engine.drill(
                DrillRequest(engine, scratch, backup, None, image.id, bench.service, tmp_path, Told().console)
            )

    drilled = drill(backup)
    assert (drilled.problems, drilled.server_version, drilled.was_exact, drilled.seconds is None) == (
        (), backup.server_version, True, False,
    )  # fmt: skip
    assert len(drill(replace(backup, objects={}, migrations=())).problems) > 1
    assert picture_of(database) == before
    backup.path.write_bytes(backup.path.read_bytes()[:-1])
    damaged = drill(backup)
    assert (damaged.problems != (), damaged.seconds, damaged.server_version) == (True, None, "")


def test_a_script_that_only_adds_cannot_lose_values(bench: Bench) -> None:
    assert not bench.engine.may_lose_values(bench.scripts.users)
