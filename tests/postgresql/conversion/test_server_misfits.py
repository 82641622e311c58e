"""What a new server lacks or sorts otherwise is found on an empty volume, before anything is converted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from installer.database.door.server_conversion import Misfit, TrialRequest
from installer.database.values.old_database import OldDatabase
from installer.postgresql.conversion.server_misfits import misfits
from installer.postgresql.server.queries import run_script, run_sql
from installer.postgresql.server.server import connect
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.postgresql.conversion.service_of_major import loaded, service
from tests.postgresql.live_postgresql import Live, live_postgresql
from tests.system.docker.test_scratch import everything as everything_in_engine

pytestmark = [pytest.mark.engine, pytest.mark.database]


@pytest.fixture(scope="module")
def live(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    for major in (15, 18):
        loaded(major)
    with live_postgresql(engine, tmp_path_factory.mktemp("data"), 17) as running:
        yield running


def found(
    engine: Engine, live: Live, image: str, user: str | None = None, *, is_converted: bool = True
) -> Sequence[Misfit]:
    there, before = engine.image(image), everything_in_engine()
    assert there is not None
    new = replace(service(18), user=user)
    with engine.scratch("site") as scratch:
        old = OldDatabase(service(17), live.container, "")
        seen = misfits(TrialRequest(engine, scratch, old, there.id, new, is_converted))
    assert everything_in_engine() == before
    return seen


def change(live: Live, *statements: str) -> None:
    with connect(live.address) as connection:
        for statement in statements:
            run_sql(connection, statement)


def test_a_server_as_its_image_made_it_fits_the_next_version_but_not_the_one_before(
    engine: Engine, live: Live
) -> None:
    assert found(engine, live, "postgres:18") == ()
    [older] = found(engine, live, "postgres:15")
    [homeless] = found(engine, live, "postgres:18", is_converted=False)
    assert homeless.title == "The files of the new database server have no place."
    title = "The release brings an older database server, which cannot read the data."
    assert (older.title, older.prevents) == (title, True)


def test_everything_that_a_dump_leaves_behind_is_named(engine: Engine, live: Live) -> None:
    output_of(("docker", "exec", live.container.id, "install", "-d", "-o", "postgres", "/fast"))
    change(
        live,
        "CREATE TABLESPACE fast LOCATION '/fast'",
        "CREATE DATABASE pattern IS_TEMPLATE true",
        "SELECT pg_create_physical_replication_slot('second')",
        "SET password_encryption = 'md5'",
        "ALTER SYSTEM SET work_mem = '9MB'",
        "SELECT pg_reload_conf()",
        "UPDATE pg_extension SET extname = 'foreign_one' WHERE extname = 'plpgsql'",
    )
    with connect(live.address) as connection:
        run_script(connection, "SET password_encryption = 'md5'; CREATE ROLE clerk LOGIN PASSWORD 'x'")
    try:
        seen = found(engine, live, "postgres:18", user="1234")
    finally:
        change(
            live,
            "DROP TABLESPACE fast",
            "SELECT pg_drop_replication_slot('second')",
            "ALTER DATABASE pattern IS_TEMPLATE false",
            "DROP DATABASE pattern",
            "ALTER SYSTEM RESET work_mem",
            "SELECT pg_reload_conf()",
            "UPDATE pg_extension SET extname = 'plpgsql' WHERE extname = 'foreign_one'",
            "DROP ROLE clerk",
        )
    assert [(one.title, one.details, one.prevents) for one in seen] == [
        (
            "The new database image lacks extensions that the database uses.",
            ("extension foreign_one in database app",),
            True,
        ),
        (
            "The server has what a move to another major version would leave behind.",
            (
                "tablespace fast",
                "replication slot second",
                "database pattern, which is a template or lets nobody in",
            ),
            True,
        ),
        (
            "The passwords of these roles are stored as MD5, which the new server does not accept.",
            ("clerk",),
            True,
        ),
        (
            "The service db runs as user 1234.",
            ("The files of a new server belong to another user: 999 postgres",),
            True,
        ),
        (
            "These settings are in the old data directory, and the new one does not get them.",
            ("work_mem = 9MB",),
            False,
        ),
    ]


def test_another_library_of_the_same_major_version_is_a_warning_with_the_commands_to_run(
    engine: Engine, live: Live
) -> None:
    recorded = "UPDATE pg_database SET datcollversion = %s WHERE datname = 'app'"
    with connect(live.address) as connection:
        run_script(connection, "CREATE TEMP TABLE before AS SELECT datcollversion FROM pg_database LIMIT 1")
        run_sql(connection, recorded % "'2.28'")
        try:
            [seen] = found(engine, live, "postgres:17")
            run_sql(connection, recorded % "NULL")
            [unversioned] = found(engine, live, "postgres:17")
        finally:
            run_sql(connection, recorded % "(SELECT datcollversion FROM before)")
    title = "The new database server sorts texts by another library: indexes on text may be wrong."
    assert (seen.title, seen.prevents, unversioned.title) == (title, False, title)
    assert seen.details[0].startswith("database app, collation default: 2.28 → 2.")
    assert seen.hint.endswith(': REINDEX DATABASE "app"; ALTER DATABASE "app" REFRESH COLLATION VERSION')
    assert unversioned.hint.endswith(': REINDEX DATABASE "app"')
