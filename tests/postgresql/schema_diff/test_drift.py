"""What was changed by hand is told: differences between the schema and what its migrations make."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.records.applied_scripts import Drift
from installer.database.values.address import DatabaseAddress
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.restore.database_beside import beside
from installer.postgresql.schema_diff.drift import find_drift
from installer.postgresql.server.queries import databases_of, run_script
from installer.postgresql.server.server import connect
from tests.mariadb.backups import Told

pytestmark = [pytest.mark.engine, pytest.mark.database]
SCRIPTS = [
    "CREATE TYPE kind AS ENUM ('a', 'b'); CREATE TABLE t (id serial PRIMARY KEY, name varchar(9), k kind)",
    "CREATE TABLE u (id int); CREATE INDEX CONCURRENTLY i ON t (name)",
]


def drift(pg: DatabaseAddress, by_hand: str, scripts: list[str] = SCRIPTS, now: list[str] = SCRIPTS) -> Drift:
    deploy(pg, migrations_of(scripts), Told().console)
    with connect(pg) as connection:
        run_script(connection, by_hand)
    live = picture_of(pg, "quick")
    found = find_drift(pg, live.definitions, live.migrations or (), migrations_of(now))
    with connect(pg) as connection:
        assert beside(pg).database not in databases_of(connection)
    return found


def migrations_of(scripts: list[str]) -> list[Migration]:
    return [Migration(str(number), sql.encode()) for number, sql in enumerate(scripts, 1)]


@pytest.mark.parametrize(
    ("by_hand", "lines"),
    [
        ("INSERT INTO t (name) VALUES ('x'); ALTER DATABASE postgres SET lock_timeout = 0", ()),
        ("GRANT SELECT ON t TO pg_monitor; ALTER TABLE t OWNER TO pg_monitor", ()),
        ("CREATE VIEW v AS SELECT 1", ("view `v` is in the database, but no migration creates it.",)),
        ("DROP INDEX i", ("index `i` is created by the migrations, but is not in the database.",)),
        (
            "ALTER TABLE t ADD note text; ALTER TABLE t ALTER name TYPE varchar(20)",
            (
                "table `t` differs from what the migrations create.",
                "  -     name character varying(9)",
                "  +     name character varying(20)",
                "  +     note text",
            ),
        ),
    ],
)
def test_each_difference_is_told(pg: DatabaseAddress, by_hand: str, lines: tuple[str, ...]) -> None:
    assert drift(pg, by_hand) == Drift(lines)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (SCRIPTS[:1], "The release does not have the script of the migration `2`."),
        ([SCRIPTS[0], "SELECT 1"], "The migration `2` was edited after it was applied."),
    ],
)
def test_without_exactly_the_applied_scripts_it_is_not_known(
    pg: DatabaseAddress, now: list[str], reason: str
) -> None:
    assert drift(pg, "SELECT 1", now=now) == Drift(unknown=reason)


def test_a_script_that_cannot_run_twice_on_a_server_makes_it_unknown(pg: DatabaseAddress) -> None:
    role = f"of_{pg.database}"
    scripts, error = [f"CREATE ROLE {role}"], f'PostgreSQL error 42710: role "{role}" already exists'
    try:
        unknown = drift(pg, "SELECT 1", scripts, scripts).unknown
        assert unknown == f"The migration `1` does not run on empty tables: {error}"
    finally:
        with connect(pg) as connection:
            run_script(connection, f"DROP ROLE {role}")
