"""A bench for each engine of databases: a real server to hold the door's promises against."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from installer.bundle.sql.migrations import Migration
from installer.database.door.database_engine import DatabaseEngine
from installer.database.engines import ENGINES
from installer.postgresql.engine import POSTGRESQL
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Container, Engine
from installer.system.process.process import output_of
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
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

ON_MYSQL = replace(  # with everything that a dump of MariaDB has not
    MARIADB,
    fill="""
        CREATE TABLE people (
            id INT PRIMARY KEY AUTO_INCREMENT,
            name VARCHAR(50) COLLATE utf8mb4_0900_as_cs,
            b BLOB,
            length INT AS (CHAR_LENGTH(name)) STORED,
            hidden INT INVISIBLE DEFAULT 7,
            facts JSON,
            KEY by_end ((RIGHT(name, 2))),
            CHECK (hidden > 0),
            CHECK (hidden < 0) NOT ENFORCED
        );
        INSERT INTO people (name, b, facts) VALUES
            ('한글😀', x'00FF0A0D27', '{"a": [1, "\\\\n"]}'), ('', NULL, NULL), (NULL, '', '1.50');
        CREATE TABLE notes (
            id INT PRIMARY KEY, person INT NOT NULL, FOREIGN KEY (person) REFERENCES people (id)
        );
        INSERT INTO notes VALUES (7, 1);
        CREATE VIEW named AS SELECT id, name FROM people WHERE name <> '';
        CREATE TRIGGER people_in BEFORE INSERT ON people FOR EACH ROW SET NEW.hidden = 8;
        CREATE PROCEDURE greet() SELECT 'hello';
        CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM notes;
        ANALYZE TABLE people UPDATE HISTOGRAM ON name WITH 8 BUCKETS;
    """,
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
def mariadb_bench(docker: Engine, folder: Path, *, image: str = "mariadb:10.11") -> Iterator[Bench]:
    """On this image of MariaDB or MySQL, with its files in `folder`."""
    [engine] = [one for one in ENGINES if one.name == "MariaDB"]
    if docker.image(image) is None:
        output_of(("docker", "load", "--quiet", "--input", str(image_archive(RECIPES[image]))))
    with live_mariadb(docker, folder, image=image) as live:
        mounts = (Mount("bind", str(folder), "/var/lib/mysql", False),)
        service = Service("db", image, None, {}, mounts, (), (), False, "no")

        def run(script: str) -> None:
            execute(live.address, script)

        scripts = ON_MYSQL if image.startswith("mysql") else MARIADB
        yield Bench(engine, image, service, live.container, folder, run, scripts)


@contextmanager
def postgresql_bench(docker: Engine, folder: Path, *, major: int) -> Iterator[Bench]:
    """On this major version, with its files in `folder`."""
    with live_postgresql(docker, folder, major) as live:
        mounts = (Mount("bind", str(folder), live.volume, False),)
        service = Service("db", f"postgres:{major}", None, {}, mounts, (), (), False, "no")

        def run(script: str) -> None:
            with connect(live.address) as connection:
                run_script(connection, script)

        yield Bench(POSTGRESQL, service.image, service, live.container, folder, run, ON_POSTGRESQL)


BENCHES: dict[str, Callable[[Engine, Path], AbstractContextManager[Bench]]] = {
    "MariaDB": mariadb_bench,
    "MySQL": partial(mariadb_bench, image="mysql:9.7"),
    **{f"PostgreSQL {major}": partial(postgresql_bench, major=major) for major in (15, 17, 18)},
}
