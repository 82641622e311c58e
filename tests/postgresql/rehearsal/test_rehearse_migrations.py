"""What a rehearsal tells is what a deployment does: statements, errors, and what is left."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.database.values.changed_objects import Changes, changed_objects
from installer.database.values.rehearsal_result import Rehearsal
from installer.errors import Refused
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.database import PostgreSqlDatabase
from installer.postgresql.migration.failure import MigrationFailed
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.rehearsal.rehearse_migrations import rehearse_migrations
from installer.postgresql.server.queries import run_script, value_of
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from tests.mariadb.backups import Told
from tests.testbed.postgresql import PostgreSQL

pytestmark = [pytest.mark.engine, pytest.mark.database]

T = "CREATE TABLE t (id int PRIMARY KEY)"


def rehearsed(address: DatabaseAddress, *scripts: str, told: Told | None = None) -> Rehearsal:
    """The scripts as migrations 1, 2, … of a database whose history is empty."""
    migrations = [Migration(str(number), sql.encode()) for number, sql in enumerate(scripts, 1)]
    return rehearse_migrations(address, migrations, (told or Told()).console)


def test_a_failure_is_told_with_its_place_and_nothing_of_its_script_stays(pg: DatabaseAddress) -> None:
    script = "CREATE TABLE a (id int);\nALTER TABLE t ADD b int;\nALTER TABLE t\n  ADD id int;\nSELECT 1;"
    result = rehearsed(pg, T, script, "SELECT 2")
    assert result.failure is not None
    assert (
        result.failure.migration, result.failure.number, result.failure.line, result.failure.text,
        result.failure.code, result.failure.error, result.failure.notes,
    ) == (
        "2", 3, 3, "ALTER TABLE t\n  ADD id int", "42701",
        'PostgreSQL error 42701: column "id" of relation "t" already exists',
        (),
    )  # fmt: skip
    assert [one.number for one in result.migrations[-1].statements] == [1, 2, 3]
    with connect(pg) as connection:
        assert value_of(connection, "SELECT to_regclass('a')") is None


def test_the_place_of_a_syntax_error_is_counted_in_the_script_itself(pg: DatabaseAddress) -> None:
    result = rehearsed(pg, "SELECT 1;\nSELECT 2;\nSELECT 'ä' 3 FROM;\n")
    assert result.failure is not None
    assert (result.failure.number, result.failure.line) == (3, 3)


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE a (); COMMIT; CREATE TABLE b (); SELECT 1/0;",
        "BEGIN; CREATE TABLE a (); COMMIT; CREATE TABLE b ();",
        "BEGIN ISOLATION LEVEL SERIALIZABLE; CREATE TABLE b (); COMMIT; BEGIN ISOLATION LEVEL SERIALIZABLE",
        "SAVEPOINT s; CREATE TABLE a ();",
        "CREATE TABLE a (); SAVEPOINT s; CREATE TABLE b ();",
        "BEGIN; CREATE TABLE a (); SAVEPOINT s; CREATE TABLE b (); ROLLBACK TO s;",
        "CREATE TABLE a (id int); CREATE INDEX CONCURRENTLY i ON a (id); SELECT 1/0",
        "CREATE TABLE a (); ROLLBACK; CREATE TABLE b ()",
        "SET search_path = pg_catalog; CREATE TABLE public.a ();",
        "CREATE TABLE a (id serial, n int); INSERT INTO a (n) VALUES (1); INSERT INTO a (n) SELECT id FROM a",
        "CREATE TABLE a (); CREATE TABLE b ( -- unfinished",
    ],
)
def test_what_is_left_is_what_a_deployment_leaves(postgresql: PostgreSQL, script: str) -> None:
    with postgresql.new_database() as one, postgresql.new_database() as other:
        failure = rehearsed(one, script).failure
        told = (failure.code, failure.number) if failure else None
        assert (told, shape_of(one)) == (deployed(other, script), shape_of(other))


def deployed(address: DatabaseAddress, script: str) -> tuple[str, int] | None:
    """The SQLSTATE and the number of the statement that failed, if one did."""
    try:
        deploy(address, [Migration("1", script.encode())], Told().console)
    except MigrationFailed as failed:
        return failed.code, failed.number
    return None


def shape_of(address: DatabaseAddress) -> tuple[object, ...]:
    """Its objects and rows, without the history, which has times in it."""
    picture = picture_of(address)
    rows = {name: content for name, content in picture.tables.items() if name != "_prisma_migrations"}
    return picture.definitions["table"], rows, picture.positions


def test_a_procedure_that_commits_runs_alone_as_in_a_deployment(pg: DatabaseAddress) -> None:
    body = "BEGIN INSERT INTO a VALUES (1); COMMIT; END"
    made = f"CREATE TABLE a (n int); CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ {body} $$"
    result = rehearsed(pg, made, "CALL p()")
    assert (result.failure, [one.number for one in result.migrations[1].statements]) == (None, [1])


def test_the_schema_is_compared_object_by_object_and_without_the_history(pg: DatabaseAddress) -> None:
    with connect(pg) as connection:
        run_script(connection, "CREATE SCHEMA old")
    result = rehearsed(pg, "CREATE TABLE t (id int PRIMARY KEY); DROP SCHEMA old")
    diff = "\n".join(result.schema_diff)
    assert (
        "--- /dev/null\n+++ table t\n@@ -0,0 +1,4 @@\n+-- Owner: postgres\n+CREATE TABLE public.t (" in diff
    )
    new = ("table t", "constraint t t_pkey")
    assert changed_objects(result.schema_diff) == Changes(changed=(), new=new, gone=("schema old",))


def test_values_that_a_new_type_may_have_changed_are_told(pg: DatabaseAddress) -> None:
    made = "CREATE TABLE t (id int PRIMARY KEY, price numeric(10, 2)); INSERT INTO t VALUES (1, 1.55), (2, 2)"
    with connect(pg) as connection:
        run_script(connection, made)
        run_script(connection, "ALTER TABLE t RENAME TO u")
    migrations = [
        Migration("1", b"SELECT 1"),
        Migration("2", b"ALTER TABLE u ALTER price TYPE int, ALTER id TYPE int8"),
    ]
    PostgreSqlDatabase(pg).baseline(migrations[:1], Told().console)
    [silent] = rehearse_migrations(pg, migrations, Told().console).silent_changes
    assert (silent.migration, silent.number, silent.table, silent.column, silent.rows, silent.select) == (
        "2", 1, "u", "price", None,
        "SELECT * FROM u WHERE price IS DISTINCT FROM price::integer::numeric(10,2)",
    )  # fmt: skip


def test_nothing_pending_leaves_everything_empty(pg: DatabaseAddress) -> None:
    assert rehearsed(pg) == Rehearsal()


def test_ctrl_c_stays_ctrl_c(pg: DatabaseAddress) -> None:
    class Impatient(Console):
        def say(self, line: str = "") -> None:
            if line.startswith("Applying"):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rehearse_migrations(pg, [Migration("1", b"CREATE TABLE t (id INT)")], Impatient())


def test_what_a_deployment_refuses_a_rehearsal_refuses(pg: DatabaseAddress) -> None:
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE t (id int)")
    with pytest.raises(Refused, match="P3005"):
        rehearsed(pg, "SELECT 1")
