"""The door to a real MariaDB server."""

import socket
import ssl
from dataclasses import replace

import pytest

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import fingerprints
from installer.errors import Refused
from installer.mariadb.content.schema import list_objects, read_definitions
from installer.mariadb.server.login_refusals import ACCESS_DENIED, UNKNOWN_DATABASE, refusal
from installer.mariadb.server.programs import Programs, dump_command, find_programs, load_command
from installer.mariadb.server.queries import ServerError, quoted, rows_of, run_sql, server_version, value_of
from installer.mariadb.server.server import _unopened, connect
from installer.mariadb.server.sessions import server_settings
from installer.system.process.process import output_of, run
from installer.system.secret import Secret
from tests.mariadb.schemas import EVERY_KIND, execute

NAMES = Programs("mariadb-dump", "mariadb", dump_keeps_history=True)
ADDRESS = DatabaseAddress("c0ffee", "10.0.0.2", 3306, "root", Secret("p w"), "-my vault")


def test_the_dump_is_these_words_and_none_of_them_is_the_password() -> None:
    assert " ".join(dump_command(ADDRESS, NAMES)) == (
        "docker exec --env MYSQL_PWD c0ffee mariadb-dump --host=localhost --user=root --routines --events"
        " --triggers --add-drop-table --skip-add-locks --hex-blob --default-character-set=utf8mb4"
        " --order-by-primary --tz-utc --skip-dump-date --no-tablespaces --max-allowed-packet=1G --quick"
        " --single-transaction --skip-lock-tables -- -my vault"
    )


def test_a_dump_of_mysql_sets_no_transactions_and_keeps_histograms() -> None:
    programs = Programs("mysqldump", "mysql", False, ("--set-gtid-purged=OFF", "--column-statistics"))
    own = set(dump_command(ADDRESS, programs)) - set(dump_command(ADDRESS, NAMES))
    assert own == {"mysqldump", "--set-gtid-purged=OFF", "--column-statistics"}


def test_a_server_that_never_says_a_word_is_not_waited_for_in_vain() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        address = replace(ADDRESS, host="127.0.0.1", port=frozen.getsockname()[1])
        with pytest.raises(Refused) as refused, connect(address):
            pass
    assert refused.value.happened == f"The database at 127.0.0.1:{address.port} does not answer."
    assert refused.value.details == ("timed out",)


def test_the_connection_is_encrypted_where_the_server_offers_it_with_any_certificate() -> None:
    connection = _unopened(ADDRESS, schema=True)
    context = connection.ctx
    assert (connection.ssl, context.check_hostname, context.verify_mode) == (True, False, ssl.CERT_NONE)


def test_who_is_not_let_in_is_told_which_file_to_compare() -> None:
    address = replace(ADDRESS, settings="/srv/vault/.env")
    hints = [refusal(address, code, "no").hint for code in (ACCESS_DENIED, UNKNOWN_DATABASE)]
    assert hints == [
        "Compare the database password in /srv/vault/.env with the one the database was created with.",
        "Compare the database name in /srv/vault/.env with `SHOW DATABASES`.",
    ]


def test_tables_without_transactions_are_locked_instead() -> None:
    words = dump_command(ADDRESS, NAMES, locked=True, history=True)
    assert words[-5:] == ("--skip-single-transaction", "--lock-tables", "--dump-history", "--", "-my vault")
    assert "--single-transaction" not in words


def test_the_load_is_these_words() -> None:
    assert " ".join(load_command(ADDRESS, NAMES)) == (
        "docker exec -i --env MYSQL_PWD c0ffee mariadb --host=localhost --user=root --binary-mode"
        " --comments --skip-reconnect"
        " --init-command=SET SESSION wait_timeout = 86400 /*M!100201 , check_constraint_checks = 0 */"
        " --batch --default-character-set=utf8mb4 --max-allowed-packet=1G --database=-my vault"
    )


def test_any_name_can_be_quoted() -> None:
    assert quoted("odd `name`") == "`odd ``name```"


def test_an_address_prints_without_its_password() -> None:
    assert "p w" not in f"{ADDRESS} {ADDRESS!r}"


@pytest.mark.engine
@pytest.mark.database
def test_the_server_answers_in_utf8_and_commits_by_itself(database: DatabaseAddress) -> None:
    with connect(database) as connection:
        run_sql(connection, "CREATE TABLE t (s TEXT)")
        run_sql(connection, "INSERT INTO t VALUES (%s)", ("한 😀 ' \\",))
        assert "MariaDB" in server_version(connection)
    with connect(database) as connection:
        assert rows_of(connection, "SELECT s FROM t") == [("한 😀 ' \\",)]


@pytest.mark.engine
@pytest.mark.database
def test_what_the_server_refuses_carries_its_number_and_words(database: DatabaseAddress) -> None:
    with connect(database) as connection, pytest.raises(ServerError) as refused:
        run_sql(connection, "SELECT * FROM nowhere")
    assert (refused.value.code, refused.value.is_lost_connection) == (1146, False)
    assert refused.value.text == f"Table '{database.database}.nowhere' doesn't exist"


@pytest.mark.engine
@pytest.mark.database
def test_a_killed_connection_is_a_lost_one(database: DatabaseAddress) -> None:
    with connect(database) as connection:
        with connect(database) as other:
            run_sql(other, f"KILL {value_of(connection, 'SELECT CONNECTION_ID()')}")
        with pytest.raises(ServerError) as lost:
            run_sql(connection, "SELECT 1")
        assert lost.value.is_lost_connection


@pytest.mark.engine
@pytest.mark.database
def test_settings_of_the_server_return_also_after_an_error(database: DatabaseAddress) -> None:
    with connect(database) as connection:
        asked = "SELECT @@GLOBAL.max_allowed_packet"
        before = value_of(connection, asked)
        with pytest.raises(Refused), server_settings(database, {"max_allowed_packet": 1 << 25}):
            assert value_of(connection, asked) == 1 << 25
            raise Refused("stop")
        assert value_of(connection, asked) == before


@pytest.mark.engine
@pytest.mark.database
def test_every_kind_of_object_is_listed_and_defined(database: DatabaseAddress) -> None:
    execute(database, EVERY_KIND)
    with connect(database) as connection:
        definitions = read_definitions(connection)
        assert list_objects(connection) == {
            "table": ("archive", "audit", "departments", 'odd `name` with "quotes"', "parted", "users"),
            "sequence": ("invoice_number",),
            "view": ("a_view_on_a_view", "by_department", "user_names"),
            "trigger": ("users_inserted", "users_inserted_too"),
            "procedure": ("crlf", "greet"),
            "function": ("twice",),
            "package": (),
            "package body": (),
            "event": ("nightly", "weekly"),
        }
        before = fingerprints(definitions)
        run_sql(connection, "SET SESSION sql_mode = ''")
        run_sql(connection, "DROP FUNCTION twice")
        run_sql(
            connection,
            "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC COMMENT 'doubles; really' RETURN n * 2",
        )
        after = fingerprints(read_definitions(connection))
    assert "sql_mode: PIPES_AS_CONCAT,ANSI_QUOTES" in definitions["procedure"]["greet"]
    changed = [name for kind in before for name in before[kind] if before[kind][name] != after[kind][name]]
    assert changed == ["twice"], "another sql_mode is another definition"


@pytest.mark.engine
@pytest.mark.database
def test_programs_are_found_under_either_name(database: DatabaseAddress) -> None:
    assert find_programs(database.container_id) == NAMES
    name = "d-old-image"
    output_of(("docker", "run", "--detach", "--rm", "--name", name, "mariadb:10.11", "sleep", "60"))
    try:
        output_of(("docker", "exec", name, "sh", "-c", "rm $(command -v mariadb-dump) $(command -v mariadb)"))
        assert run(("docker", "exec", name, "mariadb", "--help")).exit_code in (126, 127)
        with pytest.raises(Refused, match="has no program mariadb-dump / mysqldump"):
            find_programs(name)
        script = "for p in mysqldump mysql; do d=/usr/bin/$p; rm -f $d;"
        script += " printf '#!/bin/sh\\necho old' > $d; chmod +x $d; done"
        output_of(("docker", "exec", name, "sh", "-c", script))
        assert find_programs(name) == Programs("mysqldump", "mysql", dump_keeps_history=False)
    finally:
        run(("docker", "rm", "--force", name))
