"""A copy of a live database, by files or by a dump: the same rows, routines, and people."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.door.running_database import CopiedDatabase
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import CopyRequest, CopyRoom
from installer.database.values.old_database import OldDatabase
from installer.database.values.problems import CannotRehearse
from installer.mariadb.database import MariaDbDatabase
from installer.mariadb.rehearsal.backup_sample import backup_seconds
from installer.mariadb.rehearsal.copy_database import copy_database
from installer.mariadb.server.queries import rows_of, run_sql
from installer.mariadb.server.server import connect
from installer.operations.rehearsal.rehearse import expect_reachable
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from installer.system.secret import Secret
from tests.mariadb.backups import Told
from tests.mariadb.live_mariadb import Live, live_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database]

SERVICE = Service(
    "db", "mariadb:10.11", None, {}, (Mount("bind", "/old", "/var/lib/mysql", False),), (), (), False, "no"
)
CONTENT = """
CREATE TABLE customers (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50), photo VARBINARY(8));
CREATE TABLE notes (id INT) ENGINE=MyISAM;
INSERT INTO customers (name, photo) SELECT CONCAT('한글😀', seq), UNHEX('00FF0A0D') FROM seq_1_to_500;
CREATE USER clerk@'%' IDENTIFIED BY 'x';
GRANT ALL ON app.* TO clerk@'%';
CREATE DEFINER=clerk@'%' VIEW some AS SELECT id, name FROM customers WHERE id < 3;
CREATE DEFINER=clerk@'%' FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN 2 * n;
"""
ASKED = "SELECT COUNT(*), MAX(name), MAX(HEX(photo)), (SELECT COUNT(*) FROM some), twice(4) FROM customers"
FOUND = [(500, "한글😀99", "00FF0A0D", 2, 8)]


@pytest.fixture(scope="module")
def live(engine: Engine) -> Iterator[Live]:
    with live_mariadb(engine) as running:
        fill(running.address)
        yield running


def fill(address: DatabaseAddress) -> None:
    with connect(address) as connection:
        for statement in filter(str.strip, CONTENT.split(";")):
            run_sql(connection, statement)


@contextmanager
def copied(engine: Engine, live: Live, told: Told, service: Service = SERVICE) -> Iterator[CopiedDatabase]:
    image = engine.image("mariadb:10.11")
    assert image is not None
    room = CopyRoom(Path("/"), 1 << 20, 1 << 20, 512 << 20)
    old = OldDatabase(SERVICE, live.container, "prisma/migrations")
    with engine.scratch("site") as scratch:
        yield copy_database(
            CopyRequest(engine, scratch, old, image.id, service, room, told.console), MariaDbDatabase
        )


def found_in(copy: CopiedDatabase) -> list[tuple[object, ...]]:
    with connect(copy.database.address) as connection:
        return rows_of(connection, ASKED)


def test_the_files_are_copied_while_in_use(engine: Engine, live: Live) -> None:
    told = Told()
    with copied(engine, live, told) as copy:
        assert found_in(copy) == FOUND
        assert (copy.reason, copy.file_bytes is not None and copy.file_bytes > 10 << 20) == ("", True)
    assert told.lines == [
        "During the copy, writes to these tables without transactions wait: notes (1.0 KiB)"
    ]


def test_without_the_copying_program_a_dump_is_loaded(engine: Engine) -> None:
    image, told = image_without_the_program(), Told()
    try:
        with live_mariadb(engine, image=image) as live:
            fill(live.address)
            with copied(engine, live, told) as copy:
                assert found_in(copy) == FOUND
                assert (copy.file_bytes, copy.reason) == (None, "its image has no mariadb-backup")
                expect_its_dump_to_be_timed(copy.database.address)
    finally:
        output_of(("docker", "rmi", "--force", image))


def expect_its_dump_to_be_timed(address: DatabaseAddress) -> None:
    """A sample that is longer than the dump gives the dump's own time, and one of no time gives nothing."""
    began = time.monotonic()
    seconds = backup_seconds(address, 1 << 40, sample_seconds=3600)
    assert seconds is not None and 0 < seconds <= time.monotonic() - began
    assert backup_seconds(address, 1 << 40, sample_seconds=0) is None


@pytest.mark.long
def test_where_the_copying_program_may_not_do_it_a_dump_is_loaded(engine: Engine, live: Live) -> None:
    told = Told()
    with connect(live.address) as connection:
        run_sql(connection, "CREATE USER weak@'%' IDENTIFIED BY 'w'")
        run_sql(connection, "GRANT ALL ON app.* TO weak@'%'")
        run_sql(connection, "GRANT SELECT ON mysql.proc TO weak@'%'")  # others' routines
    account = {
        "MARIADB_USER": Secret("weak"),
        "MARIADB_PASSWORD": Secret("w"),
        "MARIADB_DATABASE": Secret("app"),
    }
    as_weak = Live(replace(live.container, environment=account), live.address)
    with copied(engine, as_weak, told) as copy:
        assert found_in(copy) == FOUND
        assert (copy.file_bytes, copy.reason) == (None, "the copy of its files failed")
        assert copy.database.address.user == "root"


@pytest.mark.long
def test_where_the_release_keeps_the_data_elsewhere_a_dump_is_loaded(engine: Engine, live: Live) -> None:
    service = replace(SERVICE, mounts=(Mount("bind", "/old", "/bitnami/mariadb", False),))
    with copied(engine, live, Told(), service) as copy:
        assert found_in(copy) == FOUND
        assert (copy.file_bytes, copy.reason) == (None, "its files are not in /var/lib/mysql")


def image_without_the_program() -> str:
    reference = f"without-{secrets.token_hex(4)}:1"
    removing = (
        "--entrypoint",
        "rm",
        "mariadb:10.11",
        "-f",
        "/usr/bin/mariadb-backup",
        "/usr/bin/mariabackup",
    )
    made = output_of(("docker", "create", *removing)).strip()
    output_of(("docker", "start", "--attach", made))
    changes = ('ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["mariadbd"]')
    output_of(
        ("docker", "commit", *(word for change in changes for word in ("--change", change)), made, reference)
    )
    output_of(("docker", "rm", "--volumes", made))
    return reference


def test_where_only_published_ports_lead_to_containers_there_is_no_rehearsal(live: Live) -> None:
    expect_reachable(live.container, live.address)
    with pytest.raises(CannotRehearse) as refused:
        expect_reachable(live.container, replace(live.address, host="127.0.0.1"))
    assert refused.value.details == ("The running server answers at 127.0.0.1, not at its own address.",)
