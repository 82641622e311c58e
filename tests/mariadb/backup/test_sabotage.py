"""A backup that something happens to: while it is made no file is left, afterwards the damage is told."""

import gzip
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.database.dumps.dump_reader import read_sql
from installer.database.dumps.dump_writer import Written, write_dump
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.backup.backup import Backup, back_up, read_backup, verify_backup
from installer.mariadb.backup.dump_end import is_complete
from installer.mariadb.restore.restore import restore_exactly
from tests.mariadb.backups import NOW, Told, backup_of, names_in
from tests.mariadb.schemas import execute

ROWS = """CREATE TABLE big (id INT PRIMARY KEY, b LONGBLOB);
    INSERT INTO big SELECT seq, RANDOM_BYTES(1000) FROM seq_1_to_{n}"""
SQL = (
    b"".join(b"INSERT INTO `t` VALUES (%d,'%d');\n" % (n, n * n) for n in range(60_000))
    + b"-- Dump completed\n"
)


@pytest.fixture
def dump(tmp_path: Path) -> tuple[Path, Written]:
    """A dump of several members."""
    path = tmp_path / "backup_manual_20260101_000000.sql.gz"
    return path, write_dump([SQL], path, (), lambda size_bytes: None, is_complete)


def test_a_dump_is_an_ordinary_gzip_file(dump: tuple[Path, Written]) -> None:
    path, written = dump
    assert gzip.decompress(path.read_bytes()) == SQL == b"".join(read_sql(path))
    assert (written.sql_bytes, written.is_complete) == (len(SQL), True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_wherever_a_bit_flips_the_content_is_refused_or_whole(
    dump: tuple[Path, Written], place: float, bit: int
) -> None:
    path, _written = dump
    good = path.read_bytes()
    raw = bytearray(good)
    raw[int(place * len(raw))] ^= 1 << bit
    path.write_bytes(raw)
    try:
        sql = b"".join(read_sql(path))
    except Refused as refusal:
        assert "is damaged" in refusal.happened
    else:
        assert sql == SQL  # such as the time in a header, which says nothing
    finally:
        path.write_bytes(good)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True))
def test_wherever_it_is_cut_off_it_is_not_whole(dump: tuple[Path, Written], place: float) -> None:
    path, _written = dump
    good = path.read_bytes()
    path.write_bytes(good[: int(place * len(good))])
    try:
        assert b"".join(read_sql(path)) != SQL  # cut between two members: the digest tells
    except Refused as refusal:
        assert "is damaged" in refusal.happened
    finally:
        path.write_bytes(good)


def test_sql_without_its_end_is_not_called_complete(tmp_path: Path) -> None:
    for sql in ([SQL[:-1]], [SQL], [SQL[:-19]], [b"x"]):
        written = write_dump(sql, tmp_path / "x.sql.gz", (), lambda size_bytes: None, is_complete)
        assert written.is_complete == sql[0].rstrip().endswith(b"-- Dump completed")


def append_a_member(backup: Backup) -> None:
    backup.path.write_bytes(backup.path.read_bytes() + gzip.compress(b"DROP TABLE t;"))


def remove_a_member(backup: Backup) -> None:
    raw = backup.path.read_bytes()
    backup.path.write_bytes(raw[: raw.rindex(b"\x1f\x8b\x08")])


def swap_the_record(backup: Backup) -> None:
    backup.record_path.write_text(backup.record_path.read_text().replace(backup.sha256, "0" * 64))


def compress_it_again(backup: Backup) -> None:
    backup.path.write_bytes(gzip.compress(gzip.decompress(backup.path.read_bytes())))


@pytest.mark.engine
@pytest.mark.database
@pytest.mark.parametrize("sabotage", [append_a_member, remove_a_member, swap_the_record, compress_it_again])
def test_what_is_not_the_very_file_that_was_made_is_told(
    database: DatabaseAddress, tmp_path: Path, sabotage: Callable[[Backup], None]
) -> None:
    execute(database, "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    backup = backup_of(database, tmp_path)
    sabotage(backup)
    with pytest.raises(Refused, match="is damaged"):
        verify_backup(read_backup(backup.path))


@pytest.mark.engine
@pytest.mark.database
def test_a_dump_program_that_is_killed_leaves_no_file(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, ROWS.format(n=60_000))
    with killing_the_dump_of(database, tmp_path), pytest.raises(Refused, match="no file was kept") as refusal:
        backup_of(database, tmp_path)
    assert "exit code 137" in refusal.value.details[0]
    assert names_in(tmp_path) == []


@contextmanager
def killing_the_dump_of(address: DatabaseAddress, folder: Path) -> Iterator[None]:
    def kill() -> None:
        program = dump_program_of(address)
        wait_for_a_dump(folder)
        os.kill(program, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    yield
    killer.join()


@contextmanager
def pausing_the_dump_of(address: DatabaseAddress, folder: Path) -> Iterator[None]:
    """Stops the dump program of `address` at its first bytes, until the block has ended."""
    program = dump_program_of(address)
    wait_for_a_dump(folder)
    os.kill(program, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(program, signal.SIGCONT)


def dump_program_of(address: DatabaseAddress) -> int:
    """Waits until a dump program reads this database; returns its process ID."""
    while True:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:  # it has ended
                continue
            if words[0] == b"mariadb-dump" and address.database.encode() in words:
                return int(process.name)


@pytest.mark.engine
@pytest.mark.database
def test_a_schema_changed_meanwhile_leaves_no_file(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, ROWS.format(n=60_000) + "; CREATE VIEW v AS SELECT 1")

    def change() -> None:
        with pausing_the_dump_of(database, tmp_path):
            execute(database, "CREATE PROCEDURE late() SELECT 1")

    changer = threading.Thread(target=change)
    changer.start()
    with pytest.raises(Refused, match="Another session changed the schema"):
        backup_of(database, tmp_path)
    changer.join()
    assert names_in(tmp_path) == []


@pytest.mark.engine
@pytest.mark.database
def test_a_dump_that_waits_behind_a_change_of_the_schema_does_not_wait_for_good(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, ROWS.format(n=60_000) + "; CREATE TABLE m (n INT) ENGINE=MyISAM")

    def change() -> None:
        wait_for_a_dump(tmp_path)
        execute(database, "ALTER TABLE m ADD o INT")

    changer = threading.Thread(target=change)
    changer.start()
    with pytest.raises(Refused, match="Another session changed the schema"):
        backup_of(database, tmp_path)
    changer.join()
    assert names_in(tmp_path) == []


@pytest.mark.engine
@pytest.mark.database
def test_events_and_views_that_no_dump_can_hold_are_refused_by_name(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE EVENT endless ON SCHEDULE EVERY 1 DAY DO SELECT ';;'")
    with pytest.raises(Refused, match="The dump program never ends") as refusal:
        backup_of(database, tmp_path)
    assert refusal.value.details == ("endless",)


@pytest.mark.engine
@pytest.mark.database
def test_broken_views_can_be_left_out_and_are_told_with_how_they_were_made(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(
        database,
        "CREATE TABLE t (n INT); CREATE TABLE u (n INT); CREATE VIEW broken AS SELECT * FROM u;"
        "CREATE VIEW fine AS SELECT * FROM t; DROP TABLE u",
    )
    told = Told()
    backup = back_up(
        database, tmp_path, now=NOW, console=told.console, reserve_bytes=0, leave_out_broken_views=True
    )
    assert list(backup.objects["view"]) == ["fine"]
    assert any(
        line.startswith("Warning: View broken is broken and is left out of the backup") for line in told.lines
    )
    assert any("VIEW `broken` AS select" in line for line in told.lines)
    assert b"VIEW `broken`" not in b"".join(read_sql(backup.path))


@pytest.mark.engine
@pytest.mark.database
def test_values_that_no_dump_can_keep_are_told_and_not_compared_later(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(
        database,
        "CREATE TABLE t (id INT PRIMARY KEY, w VARCHAR(9) CHARACTER SET euckr, e ENUM('', 'a'));"
        "SET sql_mode = ''; INSERT INTO t VALUES (1, X'A2E8', 'b'), (2, X'B0A1', ''), (3, NULL, NULL)",
    )
    told = Told()
    backup = backup_of(database, tmp_path, told)
    assert backup.inexact_columns == ("t.w", "t.e")
    assert [line for line in told.lines if line.startswith("Warning")] == [
        "Warning: t.w contains 1 value that no dump can keep; a restore would change it.",
        "Warning: t.e contains 1 value that no dump can keep; a restore would change it.",
    ]
    restore_exactly(database, backup, told.console)


@pytest.mark.engine
@pytest.mark.database
def test_what_a_killed_backup_left_goes_with_the_next_one(database: DatabaseAddress, tmp_path: Path) -> None:
    left = tmp_path / ".backup_manual_20260101_000000.sql.gz.part"
    (tmp_path / ".notes.part").touch()
    left.touch()
    backup = backup_of(database, tmp_path)
    assert names_in(tmp_path) == [".notes.part", backup.record_path.name, backup.path.name]


def wait_for_a_dump(folder: Path) -> None:
    """Return when its first bytes have been written."""
    while not any(path.stat().st_size for path in folder.glob(".*.part")):
        time.sleep(0.001)
