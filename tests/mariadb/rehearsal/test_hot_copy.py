"""A running server's files, copied while it serves, start as a server of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import ServerWouldNotStart
from installer.mariadb.rehearsal.hot_copy import (
    CopyFailed,
    can_copy_while_running,
    copy_running_server,
    copying,
)
from installer.mariadb.rehearsal.scratch_server import ScratchServer, start_server
from installer.mariadb.server.queries import rows_of, run_sql, value_of
from installer.mariadb.server.server import connect
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Engine
from installer.system.docker.scratch import Scratch
from installer.system.process.process import output_of
from installer.system.secret import Secret
from tests.mariadb.live_mariadb import PASSWORD, Live, live_mariadb
from tests.system.docker.test_scratch import everything

pytestmark = [pytest.mark.engine, pytest.mark.database]
MEMORY_BYTES = 512 << 20


@pytest.fixture(scope="module")
def live(engine: Engine) -> Iterator[Live]:
    with live_mariadb(engine) as running:
        fill(running.address)
        yield running


def fill(address: DatabaseAddress) -> None:
    with connect(address) as connection:
        run_sql(connection, "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(50))")
        run_sql(connection, "CREATE TABLE m (id INT) ENGINE=MyISAM")
        run_sql(connection, "INSERT INTO t (word) SELECT CONCAT('w', seq) FROM seq_1_to_1000")
        run_sql(connection, "INSERT INTO m VALUES (1), (2)")
        run_sql(connection, "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO INSERT INTO m VALUES (3)")


def service(
    *command: str, mounts: tuple[Mount, ...] = (), environment: dict[str, str] | None = None
) -> Service:
    secrets = {name: Secret(value) for name, value in (environment or {}).items()}
    return Service("db", "mariadb:10.11", None, secrets, mounts, (), (), False, "no", command or None)


def copy_of(engine: Engine, scratch: Scratch, live: Live, image: str, like: Service) -> DatabaseAddress:
    volume = scratch.new_volume()
    copy_running_server(engine, scratch, live.container, live.address, volume, lambda size_bytes: None)
    return start(engine, scratch, image, like, volume)


def start(engine: Engine, scratch: Scratch, image: str, like: Service, volume: str) -> DatabaseAddress:
    stored = engine.image(image)
    assert stored is not None
    server = ScratchServer(stored.id, like, volume, "root", Secret(PASSWORD), MEMORY_BYTES)
    return start_server(engine, scratch, server, "app")


def test_the_copy_holds_what_the_server_holds_and_its_events_do_not_run(engine: Engine, live: Live) -> None:
    before = everything()
    with engine.scratch("site") as scratch:
        copy = copy_of(engine, scratch, live, "mariadb:10.11", service())
        with connect(copy) as connection:
            assert rows_of(connection, "SELECT COUNT(*), MAX(word) FROM t") == [(1000, "w999")]
            assert value_of(connection, "SELECT COUNT(*) FROM m") == 2
            assert value_of(connection, "SELECT @@event_scheduler") == "OFF"
            assert value_of(connection, "SELECT @@innodb_buffer_pool_size") == MEMORY_BYTES // 2
    assert everything() == before


def test_files_in_a_folder_of_the_host_are_copied_too(engine: Engine, tmp_path: Path) -> None:
    place = tmp_path / "data"
    with live_mariadb(engine, place) as live, engine.scratch("site") as scratch:
        with connect(live.address) as connection:
            run_sql(connection, "CREATE TABLE t (id INT PRIMARY KEY)")
        copy = copy_of(engine, scratch, live, "mariadb:10.11", service())
        with connect(copy) as connection:
            assert rows_of(connection, "SHOW TABLES") == [("t",)]


def test_the_server_is_like_the_service_but_for_its_data(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "my.cnf").write_text("[mariadbd]\nlower_case_table_names=1\n")
    (tmp_path / "init.sql").write_text("CREATE TABLE app.never (id INT);")
    mounts = (
        Mount("bind", str(tmp_path / "my.cnf"), "/etc/mysql/conf.d/site.cnf", read_only=False),
        Mount("bind", str(tmp_path / "init.sql"), "/docker-entrypoint-initdb.d/init.sql", read_only=True),
        Mount("bind", str(tmp_path / "gone"), "/etc/gone", read_only=True),
        Mount("bind", str(tmp_path / "data"), "/var/lib/mysql", read_only=False),
    )
    environment = {
        "TZ": "Asia/Seoul",
        "MARIADB_DATABASE": "never",
        "MARIADB_ROOT_PASSWORD_FILE": "/run/secrets/x",
    }
    like = service("--sql-mode=ANSI", "--innodb-buffer-pool-size=64G", mounts=mounts, environment=environment)
    with engine.scratch("site") as scratch:
        copy = start(engine, scratch, "mariadb:10.11", like, scratch.new_volume())
        with connect(copy, schema=False) as connection:
            asked = (
                "SELECT @@sql_mode LIKE '%ANSI%', @@lower_case_table_names, @@innodb_buffer_pool_size,"
                " @@system_time_zone"
            )
            assert rows_of(connection, asked) == [(1, 1, MEMORY_BYTES // 2, "KST")]
            assert ("never",) not in rows_of(connection, "SHOW DATABASES")
    assert not (tmp_path / "data").exists()


def test_no_password_is_in_the_words_of_a_program(live: Live) -> None:
    assert not any(PASSWORD in word for word in copying(live.container, live.address, 3306, "v").words)


def test_a_copy_that_is_refused_says_why_in_the_programs_words(engine: Engine, live: Live) -> None:
    stranger = DatabaseAddress(live.container.id, live.address.host, 3306, "root", Secret(PASSWORD), "app")
    with connect(live.address) as connection:
        run_sql(connection, "CREATE USER weak@'%' IDENTIFIED BY 'w'")
    stranger = DatabaseAddress(live.container.id, live.address.host, 3306, "weak", Secret("w"), "app")
    with pytest.raises(CopyFailed) as failure, engine.scratch("site") as scratch:
        copy_running_server(
            engine, scratch, live.container, stranger, scratch.new_volume(), lambda size_bytes: None
        )
    assert "privilege" in str(failure.value)


def test_an_image_without_the_program_is_noticed(engine: Engine, live: Live) -> None:
    id = output_of(("docker", "run", "--detach", "busybox:1", "sleep", "600")).strip()
    try:
        container = engine.container(id)
        assert container is not None
        assert (can_copy_while_running(live.container), can_copy_while_running(container)) == (True, False)
    finally:
        output_of(("docker", "rm", "--force", id))


def test_a_server_that_does_not_start_says_its_last_words(engine: Engine) -> None:
    with pytest.raises(ServerWouldNotStart) as failure, engine.scratch("site") as scratch:
        start(engine, scratch, "mariadb:10.11", service("--no-such-option=1"), scratch.new_volume())
    assert "no-such-option" in str(failure.value)
