"""What a server of MySQL does differently: logins, statistics, checksums, costs, and its words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import split_statements
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.backup.backup import back_up
from installer.mariadb.content.table_content import read_content
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.offenders.find_offenders import FailedStatement, find_offenders
from installer.mariadb.restore.restore import restore_exactly
from installer.mariadb.schema_diff.object_definitions import columns_in
from installer.mariadb.server.queries import ServerError, rows_of, run_sql, value_of
from installer.mariadb.server.server import connect
from installer.mariadb.server.sessions import left_behind, server_settings
from installer.mariadb.trial.cost import costs_of
from tests.mariadb.backups import Told
from tests.mariadb.schemas import execute, picture, query
from tests.testbed.mysql import running_mysql

pytestmark = [pytest.mark.engine, pytest.mark.database]
NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc)
HISTOGRAMS = """SELECT table_name, column_name FROM information_schema.column_statistics
    WHERE schema_name = DATABASE()"""
ENCRYPTION = """SELECT variable_value <> '' FROM performance_schema.session_status
    WHERE variable_name = 'Ssl_cipher'"""


@pytest.fixture(scope="module")
def server() -> Iterator[DatabaseAddress]:
    with running_mysql("--env", "MYSQL_DATABASE=app") as running:
        yield running.address("app")


@pytest.fixture
def mysql(server: DatabaseAddress) -> DatabaseAddress:
    execute(server, "DROP DATABASE app; CREATE DATABASE app")
    return server


def test_its_password_is_sent_over_tls(mysql: DatabaseAddress) -> None:
    with connect(mysql) as connection:
        assert rows_of(connection, ENCRYPTION) == [(1,)]


def test_without_tls_root_comes_in_through_the_socket_and_anybody_else_is_refused_in_words() -> None:
    with running_mysql("--env", "MYSQL_DATABASE=app", words=["--tls-version="]) as running:
        address = running.address("app")
        with connect(address) as connection:
            assert value_of(connection, "SELECT CURRENT_USER()") == "root@localhost"
        with pytest.raises(Refused) as refused, connect(replace(address, container_id="elsewhere")):
            pass
    assert refused.value.happened == "The database accepts the password of user `root` only over TLS."


def test_its_errors_bear_its_name(mysql: DatabaseAddress) -> None:
    with connect(mysql) as connection, pytest.raises(ServerError) as refused:
        run_sql(connection, "SELECT 1 FROM nowhere")
    assert refused.value.happened == "MySQL error 1146: Table 'app.nowhere' doesn't exist"


def test_positions_are_those_of_now_and_not_of_yesterday(mysql: DatabaseAddress) -> None:
    execute(mysql, "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT); INSERT INTO t VALUES (1)")
    assert picture(mysql).positions == {"t": 2}
    execute(mysql, "INSERT INTO t VALUES (7)")
    assert picture(mysql).positions == {"t": 8}


def test_an_index_on_an_expression_does_not_change_the_checksum_of_rows(mysql: DatabaseAddress) -> None:
    execute(mysql, "CREATE TABLE t (id INT, a INT, KEY k ((a * 2))); INSERT INTO t VALUES (1, 2), (3, 4)")
    execute(
        mysql, "CREATE TABLE other (id INT, a INT, KEY k ((a * 3))); INSERT INTO other VALUES (3, 4), (1, 2)"
    )
    with connect(mysql) as connection:
        assert read_content(connection, "t") == read_content(connection, "other")


def test_histograms_are_restored(mysql: DatabaseAddress, tmp_path: Path) -> None:
    execute(mysql, "CREATE TABLE t (id INT PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 2), (3, 4)")
    execute(mysql, "ANALYZE TABLE t UPDATE HISTOGRAM ON a")
    made = back_up(mysql, tmp_path, now=NOW, console=Told().console)
    execute(mysql, "ANALYZE TABLE t DROP HISTOGRAM ON a")
    restore_exactly(mysql, made, Told().console)
    with connect(mysql) as connection:
        assert rows_of(connection, HISTOGRAMS) == [("t", "a")]


def test_objects_that_only_mysql_has_and_those_with_one_statement_come_back(
    mysql: DatabaseAddress, tmp_path: Path
) -> None:
    """From a migration the server keeps the semicolon of one statement; it ends it too early in a dump."""
    script = """
        CREATE TABLE t (id INT PRIMARY KEY, a INT);
        CREATE TRIGGER t_in BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
        CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM t;
        CREATE PROCEDURE greet() SELECT 'hello';
        CREATE LIBRARY one LANGUAGE JAVASCRIPT AS $$ export function f() { return 1 } $$;
        CREATE JSON RELATIONAL DUALITY VIEW as_json AS SELECT JSON_DUALITY_OBJECT('_id': id, 'a': a) FROM t;
        CREATE TABLE last (id INT)"""
    execute(mysql, script)
    before = picture(mysql)
    assert set(before.definitions["library"]) == {"one"}
    restore_exactly(mysql, back_up(mysql, tmp_path, now=NOW, console=Told().console), Told().console)
    assert picture(mysql) == before


def test_a_backup_of_mariadb_is_not_restored(mysql: DatabaseAddress, tmp_path: Path) -> None:
    execute(mysql, "CREATE TABLE t (id INT)")
    made = back_up(mysql, tmp_path, now=NOW, console=Told().console)
    with pytest.raises(Refused) as refused:
        restore_exactly(mysql, replace(made, server_version="11.8.9-MariaDB"), Told().console)
    assert refused.value.happened == "The backup was made by MariaDB; this server is MySQL."


def test_costs_are_those_of_its_algorithms(mysql: DatabaseAddress) -> None:
    script = """CREATE TABLE t (id INT, a INT); ALTER TABLE t ADD b INT; CREATE INDEX k ON t (a);
        ALTER TABLE t MODIFY a BIGINT; ALTER TABLE t ADD c INT, LOCK=NONE"""
    with connect(mysql) as connection:
        costs = costs_of(connection, split_statements(script))
    assert [cost and (cost.algorithm, cost.lock) for cost in costs] == [
        None,
        ("INSTANT", "NONE"),
        ("INPLACE", "NONE"),
        ("COPY", "SHARED"),
        ("INPLACE", "NONE"),
    ]


def test_what_a_script_sets_for_the_whole_server_does_not_reach_the_next_script(
    mysql: DatabaseAddress,
) -> None:
    setting = Migration("20260101000000_set", b"CREATE TABLE seen (a TEXT); SET GLOBAL sql_mode = '';")
    looking = Migration("20260102000000_look", b"INSERT INTO seen VALUES (@@sql_mode);")
    [(before,)] = query(mysql, "SELECT @@GLOBAL.sql_mode")
    try:
        deploy(mysql, (setting, looking), Told().console)
    finally:
        execute(mysql, f"SET GLOBAL sql_mode = '{before}'")
    assert query(mysql, "SELECT a FROM seen") == [(before,)]


def test_a_setting_that_a_load_left_behind_is_known(mysql: DatabaseAddress) -> None:
    changed = {"max_allowed_packet": 1 << 29}
    with server_settings(mysql, changed), connect(mysql) as connection:
        assert left_behind(connection, changed) == ("max_allowed_packet",)
    with connect(mysql) as connection:
        assert left_behind(connection, changed) == ()


def test_rows_that_violate_a_new_check_are_named(mysql: DatabaseAddress) -> None:
    execute(mysql, "CREATE TABLE t (id INT PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 5), (2, -5)")
    statement = "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)"
    with connect(mysql) as connection, pytest.raises(ServerError) as refused:
        run_sql(connection, statement)
    failed = FailedStatement(statement, refused.value.code, refused.value.text)
    found = find_offenders(mysql, failed, columns_in(picture(mysql).definitions))
    assert [(offender.table, offender.rows) for offender in found.offenders] == [("t", 1)]
