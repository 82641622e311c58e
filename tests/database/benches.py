"""A bench for each engine of databases: a real server to hold the door's promises against."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from installer.bundle.sql.migrations import Migration
from installer.database.door.database_engine import DatabaseEngine
from installer.database.engines import ENGINES
from installer.postgresql.engine import POSTGRESQL
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Container, Engine
from tests.mariadb.live_mariadb import live_mariadb
from tests.mariadb.schemas import execute
from tests.postgresql.live_postgresql import live_postgresql

SCHEMA = "app"
Execute = Callable[[str], None]


@dataclass(frozen=True)
class Bench:
    """A server of `engine` with an empty schema `app`; `execute` runs a script in it as its owner.

    `image` is the one it runs, `data` the folder of this host with its files.
    """

    engine: DatabaseEngine
    image: str
    service: Service
    container: Container
    data: Path
    execute: Execute
    scripts: "Scripts"


@dataclass(frozen=True)
class Scripts:
    """What the suite says to a server of this engine, in its own SQL."""

    clear: str
    fill: str
    rows: dict[str, int]
    write: str
    change: str
    users: Migration
    seed: Migration
    broken: Migration
    foreign_images: tuple[str, ...] = ("nginx:1", "registry.example/team/app:2")


MARIADB = Scripts(
    clear=f"DROP DATABASE {SCHEMA}; CREATE DATABASE {SCHEMA}",
    fill="""
        CREATE TABLE people (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50), b BLOB);
        INSERT INTO people (name, b) VALUES ('한글😀', x'00FF0A0D27'), ('', NULL), (NULL, '');
        CREATE TABLE notes (id INT PRIMARY KEY, person INT NOT NULL REFERENCES people(id));
        INSERT INTO notes VALUES (7, 1);
        CREATE VIEW named AS SELECT id, name FROM people WHERE name <> '';
    """,
    rows={"people": 3, "notes": 1},
    write="INSERT INTO people (name) VALUES ('later')",
    change="DELETE FROM notes; ALTER TABLE people ADD extra INT; DROP VIEW named",
    users=Migration("20260101000000_users", b"CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(9));"),
    seed=Migration("20260102000000_seed", b"INSERT INTO users VALUES (1, 'a'), (2, 'b');"),
    broken=Migration(
        "20260103000000_broken",
        b"CREATE TABLE half (id INT);\nALTER TABLE users ADD name INT;\nCREATE TABLE never (id INT);",
    ),
)

ON_POSTGRESQL = Scripts(
    clear="DROP SCHEMA public CASCADE; CREATE SCHEMA public",
    fill="""
        CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(50), b bytea);
        INSERT INTO people (name, b) VALUES ('한글😀', '\\x00FF0A0D27'), ('', NULL), (NULL, '');
        CREATE TABLE notes (id int PRIMARY KEY, person int NOT NULL REFERENCES people(id));
        INSERT INTO notes VALUES (7, 1);
        CREATE VIEW named AS SELECT id, name FROM people WHERE name <> '';
    """,
    rows={"people": 3, "notes": 1},
    write="INSERT INTO people (name) VALUES ('later')",
    change="DELETE FROM notes; DROP VIEW named; ALTER TABLE people ADD extra int",
    users=Migration("20260101000000_users", b"CREATE TABLE users (id int PRIMARY KEY, name varchar(9));"),
    seed=MARIADB.seed,
    broken=Migration(
        "20260103000000_broken",
        b"CREATE TABLE half (id int);\nALTER TABLE users ADD name int;\nCREATE TABLE never (id int);",
    ),
)


@contextmanager
def mariadb_bench(docker: Engine, folder: Path) -> Iterator[Bench]:
    """On MariaDB 10.11, with its files in `folder`."""
    [engine] = [one for one in ENGINES if one.name == "MariaDB"]
    with live_mariadb(docker, folder) as live:
        mounts = (Mount("bind", str(folder), "/var/lib/mysql", False),)
        service = Service("db", "mariadb:10.11", None, {}, mounts, (), (), False, "no")

        def run(script: str) -> None:
            execute(live.address, script)

        yield Bench(engine, "mariadb:10.11", service, live.container, folder, run, MARIADB)


@contextmanager
def postgresql_bench(docker: Engine, folder: Path, *, major: int) -> Iterator[Bench]:
    """On this major version, with its files in `folder`."""
    with live_postgresql(docker, folder, major) as live:
        mounts = (Mount("bind", str(folder), live.volume, False),)
        service = Service("db", f"postgres:{major}", None, {}, mounts, (), (), False, "no")

        def run(script: str) -> None:
            with connect(live.address) as connection:
                run_script(connection, script)

        engine = cast(DatabaseEngine, POSTGRESQL)  # as far as it is there
        yield Bench(engine, service.image, service, live.container, folder, run, ON_POSTGRESQL)


BENCHES: dict[str, Callable[[Engine, Path], AbstractContextManager[Bench]]] = {"MariaDB": mariadb_bench}
UNFINISHED: dict[str, Callable[[Engine, Path], AbstractContextManager[Bench]]] = {
    f"PostgreSQL {major}": partial(postgresql_bench, major=major) for major in (15, 17, 18)
}
DONE_OF_UNFINISHED = (  # what an engine that is not in the table yet is held to already
    "test_a_database_is_found_by_the_settings_of_its_container",
    "test_a_server_that_runs_answers_and_its_files_are_known",
    "test_credentials_that_the_server_does_not_accept_are_told",
    "test_a_server_reads_files_of_its_own_series",
    "test_facts_grow_with_the_rows",
    "test_a_moment_does_not_see_what_is_written_meanwhile",
    "test_two_pictures_of_the_same_are_equal_and_of_other_rows_are_not",
    "test_rows_are_counted_and_tables_that_are_gone_left_out",
    "test_pending_migrations_are_applied_once_and_in_order",
    "test_what_was_not_planned_is_not_applied",
    "test_a_migration_that_stops_is_kept_in_the_history_until_it_is_settled",
    "test_a_schema_without_history_needs_a_baseline",
    "test_a_restore_brings_back_exactly_what_was_backed_up",
    "test_a_chosen_backup_is_loaded_and_seen_to_be_in_place",
    "test_a_rehearsal_works_on_a_copy_and_leaves_the_original_alone",
    "test_a_drill_restores_into_a_server_of_its_own_and_names_what_differs",
    "test_a_script_that_only_adds_cannot_lose_values",
    "test_a_damaged_backup_is_refused",
    "test_a_schema_that_lost_its_tables_is_not_backed_up",
)
