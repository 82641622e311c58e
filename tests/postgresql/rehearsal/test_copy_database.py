"""A copy of a running PostgreSQL database, by files or by a dump: the same content, and nothing left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.door.running_database import CopiedDatabase
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import CopyRequest, CopyRoom
from installer.database.values.old_database import OldDatabase
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.database import PostgreSqlDatabase
from installer.postgresql.rehearsal.hot_copy import copying
from installer.postgresql.server.queries import run_script, run_sql, value_of
from installer.postgresql.server.server import connect
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.mariadb.backups import Told
from tests.postgresql.live_postgresql import PASSWORD, Live, live_postgresql
from tests.system.docker.test_scratch import everything

pytestmark = [pytest.mark.engine, pytest.mark.database]

MAJORS = [pytest.param(15, marks=pytest.mark.long), 17, pytest.param(18, marks=pytest.mark.long)]
NEWEST = 18
CONTENT = """
CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50), photo bytea);
INSERT INTO customers (name, photo) SELECT '한글😀' || n, '\\x00ff0a0d' FROM generate_series(1, 500) AS n;
CREATE ROLE clerk LOGIN PASSWORD 'x'; CREATE ROLE staff; GRANT staff TO clerk;
GRANT SELECT ON customers TO staff;
ALTER ROLE clerk IN DATABASE app SET work_mem = '8MB';
ALTER DATABASE app SET lock_timeout = '7s';
CREATE VIEW first_ones AS SELECT id, name FROM customers WHERE id < 3;
"""


@pytest.fixture(scope="module", params=MAJORS)
def live(
    request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    with live_postgresql(engine, tmp_path_factory.mktemp("data"), request.param) as running:
        with connect(running.address) as connection:
            run_script(connection, CONTENT)
        yield running


def major_of(live: Live) -> int:
    return int(live.container.environment["PG_MAJOR"].reveal())


def service_of(live: Live) -> Service:
    return Service("db", f"postgres:{major_of(live)}", None, {}, (), (), (), False, "no")


@contextmanager
def copied(
    engine: Engine, live: Live, told: Told, image: str = "", service: Service | None = None
) -> Iterator[CopiedDatabase]:
    same = service_of(live)
    there = engine.image(image or same.image)
    assert there is not None
    room = CopyRoom(Path("/"), 1 << 20, 1 << 20, 512 << 20)
    old = OldDatabase(same, live.container, "prisma/migrations")
    before = everything()
    with engine.scratch("site") as scratch:
        request = CopyRequest(engine, scratch, old, there.id, service or same, room, told.console)
        yield PostgreSqlDatabase(live.address).copy(request)
    assert everything() == before


def address_of(copy: CopiedDatabase) -> DatabaseAddress:
    assert isinstance(copy.database, PostgreSqlDatabase)
    return copy.database.address


def test_the_files_are_copied_while_in_use(engine: Engine, live: Live) -> None:
    told = Told()
    with copied(engine, live, told) as copy:
        assert picture_of(address_of(copy)) == picture_of(live.address)
        assert (copy.reason, copy.file_bytes is not None and copy.file_bytes > 10 << 20) == ("", True)
        assert copy.database.backup_seconds(1) is not None
    assert told.lines == []


def test_nothing_of_the_copy_acts_by_itself_or_reaches_out(engine: Engine, live: Live) -> None:
    with connect(live.address) as connection:
        run_script(connection, "ALTER SYSTEM SET archive_mode = on")
        run_script(connection, "ALTER SYSTEM SET archive_command = 'false'")
    try:
        with copied(engine, live, Told()) as copy, connect(address_of(copy)) as connection:
            asked = ("archive_mode", "max_wal_senders", "max_logical_replication_workers")
            assert [value_of(connection, f"SHOW {name}") for name in asked] == ["off", "0", "0"]
    finally:
        with connect(live.address) as connection:
            run_script(connection, "ALTER SYSTEM RESET archive_mode")
            run_script(connection, "ALTER SYSTEM RESET archive_command")


def test_unlogged_tables_are_told_because_they_are_empty_in_the_copy(engine: Engine, live: Live) -> None:
    told = Told()
    with connect(live.address) as connection:
        run_script(connection, "CREATE UNLOGGED TABLE hits AS SELECT 1 AS n; CREATE UNLOGGED TABLE none ()")
    try:
        with copied(engine, live, told) as copy, connect(address_of(copy)) as connection:
            assert value_of(connection, "SELECT count(*) FROM hits") == 0
    finally:
        with connect(live.address) as connection:
            run_script(connection, "DROP TABLE hits, none")
    assert told.lines == [
        "Warning: These unlogged tables are empty in the copy: the rehearsal does not see their rows: hits"
    ]


def test_where_replication_is_not_let_in_a_dump_is_loaded(engine: Engine, live: Live) -> None:
    told, rules = Told(), f"{live.container.environment['PGDATA'].reveal()}/pg_hba.conf"
    inside = ("docker", "exec", live.container.id, "sed", "-i")
    output_of((*inside, "s/ replication / no_such_database /", rules))
    try:
        reload(live)
        with copied(engine, live, told) as copy:
            assert picture_of(address_of(copy)) == picture_of(live.address)
            assert (copy.file_bytes, copy.reason) == (None, "the copy of its files failed")
            assert copy.database.backup_seconds(1) is not None
    finally:
        output_of((*inside, "s/ no_such_database / replication /", rules))
        reload(live)
    assert any("no pg_hba.conf entry for replication connection" in line for line in told.lines)


def test_of_a_server_with_tablespaces_a_dump_is_loaded(engine: Engine, live: Live) -> None:
    output_of(("docker", "exec", live.container.id, "install", "-d", "-o", "postgres", "/fast"))
    with connect(live.address) as connection:
        run_sql(connection, "CREATE TABLESPACE fast LOCATION '/fast'")
        run_sql(connection, "CREATE TABLE quick TABLESPACE fast AS SELECT 1 AS n")
    try:
        with copied(engine, live, Told()) as copy:
            assert picture_of(address_of(copy)) == picture_of(live.address)
            assert (copy.file_bytes, copy.reason) == (None, "it has tablespaces")
    finally:
        with connect(live.address) as connection:
            run_sql(connection, "DROP TABLE quick")
            run_sql(connection, "DROP TABLESPACE fast")


def reload(live: Live) -> None:
    with connect(live.address) as connection:
        run_script(connection, "SELECT pg_reload_conf()")


@pytest.mark.long
def test_for_another_major_version_a_dump_is_loaded(engine: Engine, live: Live, tmp_path: Path) -> None:
    if major_of(live) == NEWEST:
        pytest.skip("no image of a newer major version is here")
    newer = live_postgresql(engine, tmp_path, NEWEST)
    with newer, copied(engine, live, Told(), f"postgres:{NEWEST}") as copy:
        assert picture_of(address_of(copy)).tables == picture_of(live.address).tables
        reason = "the new release has another major version of PostgreSQL"
        assert (copy.file_bytes, copy.reason) == (None, reason)


def test_configuration_files_of_the_service_hold_for_the_copy(
    engine: Engine, live: Live, tmp_path: Path
) -> None:
    settings = tmp_path / "postgresql.conf"
    settings.write_text("work_mem = '9MB'\ndata_directory = '/elsewhere'\nport = 6000\n")
    tmp_path.chmod(0o755)
    service = replace(
        service_of(live),
        command=("postgres", "-c", "config_file=/etc/pg.conf", "-c", "hba_file=/airlock-data/pg_hba.conf"),
        mounts=(Mount("bind", str(settings), "/etc/pg.conf", True),),
    )
    with copied(engine, live, Told(), service=service) as copy, connect(address_of(copy)) as connection:
        assert value_of(connection, "SHOW work_mem") == "9MB"


def test_no_password_is_in_a_command_line(live: Live) -> None:
    assert PASSWORD not in " ".join(copying(live.container, live.address, 5432, "volume").words)
