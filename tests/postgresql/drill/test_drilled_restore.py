"""A drill restores a PostgreSQL backup with its roles, and tells of everything that is not as recorded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.database.door.drilled import Drilled, DrillRequest
from installer.database.records.backup_record import Backup
from installer.postgresql.backup.backup import back_up
from installer.postgresql.drill.drilled_restore import restore_into_scratch
from installer.postgresql.drill.superuser import superuser_of
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect
from installer.system.compose.model import Service
from installer.system.docker.docker import Engine
from installer.system.secret import Secret
from tests.mariadb.backups import Told
from tests.postgresql.live_postgresql import live_postgresql
from tests.system.docker.test_scratch import everything

MAJORS = [pytest.param(15, marks=pytest.mark.long), 17, pytest.param(18, marks=pytest.mark.long)]
CREATOR = "WITH SUPERUSER INHERIT REPLICATION BYPASSRLS"
ROWS = "SELECT n, 'n' || n FROM generate_series(1, 9) AS n"
CONTENT = f"""
CREATE ROLE clerk LOGIN PASSWORD 'x'; CREATE ROLE staff; GRANT staff TO clerk WITH ADMIN OPTION;
ALTER DATABASE app OWNER TO clerk; ALTER ROLE clerk IN DATABASE app SET work_mem = '8MB';
CREATE TABLE t (id int PRIMARY KEY, name text); ALTER TABLE t OWNER TO staff; INSERT INTO t {ROWS};
"""


@pytest.fixture(scope="module", params=MAJORS)
def backup(
    request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backup]:
    """Of a database that a role of its own owns."""
    with live_postgresql(engine, tmp_path_factory.mktemp("data"), request.param) as live:
        with connect(live.address) as connection:
            run_script(connection, CONTENT)
        now = datetime(2026, 1, 1, tzinfo=timezone.utc)
        yield back_up(
            live.address,
            tmp_path_factory.mktemp("backups"),
            reason="test",
            now=now,
            console=Told().console,
            reserve_bytes=0,
        )


def service_of(backup: Backup) -> Service:
    """The service with the image of the server that was backed up."""
    major = backup.server_version.partition(".")[0]
    return Service("db", f"postgres:{major}", None, {}, (), (), (), False, "no")


def drill(
    engine: Engine, backup: Backup, told: Told | None = None, service: Service | None = None
) -> Drilled:
    service = service or service_of(backup)
    image, before = engine.image(service.image), everything()
    assert image is not None
    with engine.scratch("site") as scratch:
        drilled = restore_into_scratch(
            DrillRequest(
                engine, scratch, backup, None, image.id, service, backup.path.parent, (told or Told()).console
            )
        )
    assert everything() == before
    return drilled


@pytest.mark.engine
@pytest.mark.database
class TestOnRealServers:
    def test_roles_owners_and_rows_are_restored_as_recorded(self, engine: Engine, backup: Backup) -> None:
        told = Told()
        drilled = drill(engine, backup, told)
        assert (drilled.problems, drilled.was_exact, drilled.server_version) == (
            (),
            True,
            backup.server_version,
        )
        assert told.lines == ["Comparing the result with the backup."]

    def test_whatever_is_not_as_recorded_is_named(self, engine: Engine, backup: Backup) -> None:
        assert backup.grants is not None
        rows = {name: content and replace(content, rows=8) for name, content in backup.tables.items()}
        other = replace(backup, tables=rows, grants={**backup.grants, "clerk": (), "gone": ("x",)})
        assert drill(engine, other).problems == (
            "t: 9 rows instead of 8", "different: the rights of clerk", "missing: the rights of gone",
        )  # fmt: skip

    def test_a_backup_of_another_server_is_compared_by_names_and_numbers(
        self, engine: Engine, backup: Backup
    ) -> None:
        told = Told()
        other = replace(backup, server_version="15.0")
        drilled = drill(engine, other, told, service_of(backup))
        assert (drilled.problems, drilled.was_exact) == ((), False)
        assert told.lines[0].startswith("Warning: The backup was made by server 15.0; this server is ")

    def test_what_the_server_refuses_is_a_problem_of_the_backup(self, engine: Engine, backup: Backup) -> None:
        statements = backup.create_database + "\nALTER DATABASE app OWNER TO nobody;"
        assert drill(engine, replace(backup, create_database=statements)).problems == (
            'PostgreSQL error 42704: role "nobody" does not exist',
        )


@pytest.mark.parametrize(
    ("roles", "named", "superuser"),
    [
        ({"postgres": CREATOR}, None, "postgres"),
        ({"app": CREATOR, "postgres": "WITH LOGIN"}, None, "app"),
        ({"a": CREATOR, "b": CREATOR}, "b", "b"),
        ({"a": "WITH SUPERUSER INHERIT"}, "b", "b"),
        ({}, None, "postgres"),
    ],
)  # fmt: skip
def test_the_superuser_is_the_one_that_the_server_was_created_with(
    roles: dict[str, str], named: str | None, superuser: str
) -> None:
    grants = {name: (f"ALTER ROLE {name} {rights} CONNECTION LIMIT -1",) for name, rights in roles.items()}
    environment = {"POSTGRES_USER": Secret(named)} if named else {}
    service = Service("db", "postgres:17", None, environment, (), (), (), False, "no")
    backup = Backup(
        Path("b"), "test", "", "app", "", "17", False, "", 0, 0, 0, (), {}, {}, {}, grants, (), None
    )
    assert superuser_of(backup, service) == superuser
