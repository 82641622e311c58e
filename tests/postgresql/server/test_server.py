"""The door to a real PostgreSQL server."""

import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.server.queries import (
    ServerError,
    literal,
    quoted,
    rows_of,
    run_script,
    run_sql,
    value_of,
)
from installer.postgresql.server.server import answers, connect
from installer.system.secret import Secret
from tests.testbed.postgresql import PostgreSQL

SELF_SIGNED = Path(__file__).with_name("self_signed.pem")  # made for this test, with a key that is no secret
ADDRESS = DatabaseAddress("c0ffee", "127.0.0.1", 5432, "postgres", Secret("p w"), "app")
real = [pytest.mark.engine, pytest.mark.database]


def test_a_server_that_never_says_a_word_is_not_waited_for_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("installer.postgresql.server.server.CONNECT_TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        address = replace(ADDRESS, port=frozen.getsockname()[1])
        with pytest.raises(Refused) as refused, connect(address):
            pass
        assert not answers(address)
    assert refused.value.happened == f"The database at 127.0.0.1:{address.port} does not answer."


class TestOnRealServers:
    pytestmark = real

    def test_numbers_have_pythons_types_and_everything_else_is_the_server_s_text(
        self, pg: DatabaseAddress
    ) -> None:
        sql = "SELECT 1, 2::int8, 0.5::float8, true, NULL, ARRAY['a', NULL], 'b', date '2026-1-2', '{}'::json"
        with connect(pg) as connection:
            assert rows_of(connection, sql) == [(1, 2, 0.5, True, None, ["a", None], "b", "2026-01-02", "{}")]

    def test_values_are_never_taken_for_sql(self, pg: DatabaseAddress) -> None:
        odd = "'; DROP TABLE \\ $1 :name %s \"한글😀"
        with connect(pg) as connection:
            run_sql(connection, f"CREATE TABLE {quoted(odd[:20])} (x text)")
            assert run_sql(connection, f"INSERT INTO {quoted(odd[:20])} VALUES ($1)", (odd,)) == 1
            assert value_of(connection, f"SELECT x FROM {quoted(odd[:20])} WHERE x = {literal(odd)}") == odd

    def test_the_same_value_has_the_same_text_in_every_session_whatever_the_site_has_set(
        self, pg: DatabaseAddress
    ) -> None:
        sql = """SELECT '2026-01-02 03:04:05+00'::timestamptz::text, '1 day 2 hours'::interval::text,
            '\\x00ff'::bytea::text, (0.1::float8 + 0.2)::text"""
        with connect(pg) as connection:
            before = rows_of(connection, sql)
            for name, value in (
                ("TimeZone", "'Asia/Seoul'"), ("DateStyle", "'German'"), ("IntervalStyle", "'iso_8601'"),
                ("bytea_output", "'escape'"), ("extra_float_digits", "0"), ("statement_timeout", "5"),
            ):  # fmt: skip
                run_sql(connection, f"ALTER DATABASE {pg.database} SET {name} = {value}")
        with connect(pg) as connection:
            assert rows_of(connection, sql) == before
            run_sql(connection, "SELECT pg_sleep(0.05)")
        with connect(pg, as_prisma=True) as connection:
            assert value_of(connection, "SHOW TimeZone") == "Asia/Seoul"

    def test_only_the_address_s_schema_is_in_the_path(self, pg: DatabaseAddress) -> None:
        with connect(replace(pg, schema='Odd "one"')) as connection:
            assert value_of(connection, "SHOW search_path") == '"Odd ""one"""'

    def test_a_script_is_one_message_and_one_transaction(self, pg: DatabaseAddress) -> None:
        with connect(pg) as connection:
            tags = run_script(connection, "CREATE TABLE t (i int); INSERT INTO t VALUES (1), (2); SELECT 1")
            assert [(one.tag, one.rows) for one in tags] == [
                ("CREATE TABLE", None), ("INSERT 0 2", 2), ("SELECT 1", None),
            ]  # fmt: skip
            with pytest.raises(ServerError) as failed:
                run_script(connection, "DROP TABLE t;\nSELECT * FROM gone")
            assert len(connection.answers) == 1
            assert value_of(connection, "SELECT count(*) FROM t") == 2
        assert (failed.value.code, failed.value.position) == ("42P01", 28)

    @pytest.mark.parametrize(
        "script", ["", ";", "-- nothing\n", "/* /* nested */ */", "COPY pg_class TO stdout"]
    )
    def test_scripts_without_statements_or_with_data_for_nobody_succeed(
        self, pg: DatabaseAddress, script: str
    ) -> None:
        with connect(pg) as connection:
            run_script(connection, script)
            assert value_of(connection, "SELECT 1") == 1

    def test_a_script_that_waits_for_data_fails_and_leaves_the_connection_usable(
        self, pg: DatabaseAddress
    ) -> None:
        with connect(pg) as connection:
            with pytest.raises(ServerError) as failed:
                run_script(connection, "CREATE TABLE t (i int); COPY t FROM stdin;\n")
            assert (failed.value.code, failed.value.is_lost_connection) == ("57014", False)
            assert value_of(connection, "SELECT to_regclass('t')") is None

    def test_the_server_s_remarks_on_a_message_are_kept(self, pg: DatabaseAddress) -> None:
        with connect(pg) as connection:
            run_script(connection, "DROP TABLE IF EXISTS gone")
            assert [(one["V"], one["M"]) for one in connection.remarks] == [
                ("NOTICE", 'table "gone" does not exist, skipping')
            ]
            run_script(connection, "DO $$ BEGIN FOR i IN 1..200 LOOP RAISE NOTICE '%', i; END LOOP; END $$")
            assert [one["M"] for one in connection.remarks] == [str(number) for number in range(101, 201)]

    def test_an_error_has_all_its_lines_and_its_fields(self, pg: DatabaseAddress) -> None:
        with connect(pg) as connection:
            run_sql(connection, "CREATE TABLE t (i int CONSTRAINT one PRIMARY KEY)")
            with pytest.raises(ServerError) as failed:
                run_sql(connection, "INSERT INTO t VALUES (1), (1)")
        assert str(failed.value) == (
            'PostgreSQL error 23505: duplicate key value violates unique constraint "one"\n'
            "  DETAIL: Key (i)=(1) already exists."
        )
        assert [failed.value.fields[letter] for letter in "stn"] == ["public", "t", "one"]

    def test_a_session_that_the_server_ends_is_a_lost_connection_with_the_server_s_words(
        self, pg: DatabaseAddress
    ) -> None:
        with connect(pg) as connection:
            with pytest.raises(ServerError) as ended:
                run_sql(connection, "SELECT pg_terminate_backend(pg_backend_pid())")
            with pytest.raises(ServerError) as gone:
                run_sql(connection, "SELECT 1")
        assert (ended.value.code, ended.value.is_lost_connection) == ("57P01", True)
        assert (gone.value.code, gone.value.is_lost_connection) == ("", True)

    def test_the_connection_is_encrypted_where_the_server_offers_it_with_any_certificate(
        self, postgresql: PostgreSQL
    ) -> None:
        address, pem = postgresql.address(), SELF_SIGNED.read_text()
        try:
            with connect(address) as connection:
                for file in ("server.key", "server.crt"):
                    program = f"umask 077; cat > {file}"
                    run_sql(connection, f"COPY (SELECT unnest({lines_of(pem)})) TO PROGRAM '{program}'")
                run_sql(connection, "ALTER SYSTEM SET ssl = on")
                run_sql(connection, "SELECT pg_reload_conf()")
            time.sleep(0.5)
            with connect(address) as connection:
                own = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                assert value_of(connection, own) is True
                run_sql(connection, "SELECT pg_sleep(0.5)")
        finally:
            with connect(address) as connection:
                run_sql(connection, "ALTER SYSTEM RESET ssl")
                run_sql(connection, "SELECT pg_reload_conf()")

    def test_who_is_not_let_in_is_told_why(self, postgresql: PostgreSQL) -> None:
        address = replace(postgresql.address(), settings="/srv/users/.env")
        told = []
        for change in ({"password": Secret("wrong")}, {"database": "gone"}):
            with pytest.raises(Refused) as refused, connect(replace(address, **change)):
                pass
            told.append((refused.value.happened, refused.value.hint))
            assert answers(replace(address, **change))
        assert told == [
            (
                "The database does not accept the password of user `postgres`.",
                "Compare the database password in /srv/users/.env with the one the database was created"
                " with.",
            ),
            (
                "There is no database `gone` for user `postgres`.",
                "Compare the database name in /srv/users/.env with `psql --list`.",
            ),
        ]


def lines_of(text: str) -> str:
    """The lines of a text as an SQL array."""
    return "ARRAY[" + ", ".join(map(literal, text.splitlines())) + "]"
