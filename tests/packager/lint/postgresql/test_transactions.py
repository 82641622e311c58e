"""What stays of a script after its failure, and what needs a transaction or none: tried on a server."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_messages import messages_of
from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.address import DatabaseAddress
from installer.postgresql.migration.committed import fate_of
from installer.postgresql.server.queries import ServerError, rows_of, run_script
from installer.postgresql.server.server import connect
from packager.lint.catalogue.findings import Finding
from tests.packager.lint.postgresql.databases import found

pytestmark = [pytest.mark.engine, pytest.mark.database]
TABLES = "SELECT relname FROM pg_class WHERE relname IN ('a', 'b', 'c') ORDER BY relname"
A, B, C = "CREATE TABLE a (id int)", "CREATE TABLE b (id int)", "CREATE TABLE c (id int)"


def send(address: DatabaseAddress, *messages: str) -> str:
    """The SQLSTATE of the first message that fails; empty if none does. Then the session ends."""
    with connect(address) as connection:
        for message in messages:
            try:
                run_script(connection, message)
            except ServerError as error:
                return error.code
    return ""


def tables(address: DatabaseAddress) -> list[str]:
    with connect(address) as connection:
        return [name for (name,) in rows_of(connection, TABLES)]


@pytest.mark.parametrize(
    ("script", "stays", "findings"),
    [
        (f"{A}; {B}; SELECT 1/0", [], []),
        (f"{A}; COMMIT; {B}; SELECT 1/0", ["a"], [Finding("PG104", now="COMMIT")]),
        (f"{A}; BEGIN; {B}; END; {C}; SELECT 1/0", ["a", "b"], [Finding("PG104", now="COMMIT")]),
        (f"BEGIN; {A}; SELECT 1/0; COMMIT", [], []),
        (f"BEGIN; {A}; {B}; COMMIT", ["a", "b"], []),
        (f"{A}; BEGIN; {B}", [], [Finding("PG105")]),
        (f"{A}; ROLLBACK; {B}", ["b"], [Finding("PG106")]),
    ],
)
def test_what_stays_of_a_script_is_what_the_lint_says(
    pg: DatabaseAddress, script: str, stays: list[str], findings: list[Finding]
) -> None:
    send(pg, script)
    assert (tables(pg), list(found(script))) == (stays, findings)


@pytest.mark.parametrize("prisma", ["7.3.0", "7.4.0"])
@pytest.mark.parametrize(
    "script",
    [
        f"{A}; {B}; SELECT 1/0",
        f"{A}; BEGIN; {B}; SELECT 1/0; COMMIT",
        f"BEGIN; {A}; COMMIT; {B}; SELECT 1/0",
        f"{A}; DO 'BEGIN END'; {B}; SELECT 1/0",
        f"BEGIN; {A}; SAVEPOINT s; {B}; ROLLBACK TO s; COMMIT; SELECT 1/0",
    ],
)
def test_what_is_committed_of_a_failed_script_is_said_for_each_prisma(
    pg: DatabaseAddress, script: str, prisma: str
) -> None:
    migration = Migration("1", script.encode(), prisma)
    assert send(pg, *(message for _at, message in messages_of(migration))) == "22012"
    texts = [one.text for one in split_postgresql(script)]
    committed = [texts[number - 1] for number in fate_of(migration, texts.index("SELECT 1/0")).committed]
    assert tables(pg) == [text.split()[2] for text in committed if text.startswith("CREATE")]


def test_a_lock_needs_a_transaction_which_a_message_of_several_statements_is(pg: DatabaseAddress) -> None:
    send(pg, A)
    lock = "LOCK TABLE a IN SHARE MODE"
    assert (send(pg, lock), send(pg, f"SELECT 1; {lock}")) == ("25P01", "")
    assert found(A, f"SELECT 1; {lock}") == (Finding("PG107", now="LOCK"),)
    assert found(A, f"BEGIN; {lock}; COMMIT") == ()


@pytest.mark.parametrize("statement", ["SAVEPOINT s", "RELEASE s", "ROLLBACK TO s"])
def test_a_savepoint_needs_begin(pg: DatabaseAddress, statement: str) -> None:
    assert (send(pg, f"SELECT 1; {statement}"), send(pg, "BEGIN; SAVEPOINT s; COMMIT")) == ("25P01", "")
    assert found(f"SELECT 1; {statement}") == (Finding("PG117", now=statement.split()[0]),)
    assert found(f"BEGIN; SAVEPOINT s; {statement}; COMMIT") == ()


def test_set_local_has_no_effect_alone(pg: DatabaseAddress) -> None:
    fails_if_set = "SELECT 1 / (current_setting('work_mem') <> '99MB')::int"
    local = "SET LOCAL work_mem = '99MB'"
    assert (send(pg, f"{local}; {fails_if_set}"), send(pg, local, fails_if_set)) == ("22012", "")
    assert found(f"{local}; SELECT 1") == (Finding("PG107", now="SET LOCAL"),)


def test_a_failed_concurrent_index_remains_invalid(pg: DatabaseAddress) -> None:
    send(pg, f"{A}; INSERT INTO a VALUES (1), (1)")
    index = "CREATE UNIQUE INDEX CONCURRENTLY k ON a (id)"
    assert send(pg, index) == "23505"
    with connect(pg) as connection:
        assert rows_of(connection, "SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(1,)]
    assert found(A, index) == (
        Finding("MF101", "a", "id"),
        Finding("PG103", "a", now="CREATE UNIQUE INDEX CONCURRENTLY"),
    )


def test_a_long_name_is_cut_to_63_bytes(pg: DatabaseAddress) -> None:
    name = "한" * 22
    send(pg, f'CREATE TABLE "{name}" (id int)')
    with connect(pg) as connection:
        assert rows_of(connection, "SELECT relname FROM pg_class WHERE relname LIKE '한%'") == [("한" * 21,)]
    assert found(f'CREATE TABLE "{name}" (id int)') == (Finding("PG112", was="한" * 21, now=name),)


def test_cascade_drops_what_depends_without_a_word(pg: DatabaseAddress) -> None:
    send(pg, "CREATE TYPE mood AS ENUM ('good'); CREATE TABLE a (id int, m mood)")
    send(pg, "CREATE VIEW b AS SELECT id FROM a")
    send(pg, "DROP TYPE mood CASCADE; ALTER TABLE a DROP id CASCADE")
    with connect(pg) as connection:
        columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'a'"
        assert rows_of(connection, columns) == [(0,)]
    assert tables(pg) == ["a"]


def test_a_value_of_a_type_that_is_new_can_be_used_from_17_on(pg: DatabaseAddress) -> None:
    script = (
        "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'b'; CREATE TABLE a (m mood DEFAULT 'b')"
    )
    with connect(pg) as connection:
        [(version,)] = rows_of(connection, "SELECT current_setting('server_version_num')::int / 10000")
    assert send(pg, script) == ("" if version >= 17 else "55P04")
    assert found(script) == (Finding("PG116", was="mood", now="'b'"),)
