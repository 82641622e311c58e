"""A backup of PostgreSQL comes back exactly; after each fault the database is as it was."""

import gzip
import hashlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from installer.database.dumps.dump_reader import read_sql
from installer.database.records.backup_record import Backup, read_backup
from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import ContentUntouched, InterruptedUntouched
from installer.errors import AnotherRunActive, Interrupted, Refused
from installer.postgresql.backup.backup import back_up
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.clear_up_load import clear_up_load
from installer.postgresql.restore.database_beside import BEFORE, beside, exists, maintenance
from installer.postgresql.restore.prepare_restore import prepare_restore
from installer.postgresql.restore.replace_content import replace_content
from installer.postgresql.restore.restore import restore_exactly
from installer.postgresql.server.queries import run_script, run_sql, value_of
from installer.postgresql.server.server import connect
from installer.postgresql.server.sessions import migration_lock
from installer.screen.console import Advance, Console
from installer.system.secret import Secret
from tests.mariadb.backups import NOW, Told, names_in
from tests.postgresql.everything import changed, everything
from tests.testbed.age import age_key
from tests.testbed.postgresql import PostgreSQL, running_postgresql

pytestmark = [pytest.mark.engine, pytest.mark.database]
SAFETY = "backup_before_restore_20261122_010203.sql.gz"
NOTHING_HAPPENS_SECONDS = 30.0


def backup_of(pg: DatabaseAddress, folder: Path, recipients: tuple[str, ...] = ()) -> Backup:
    return back_up(
        pg, folder, reason="test", now=NOW, console=Told().console, reserve_bytes=0, recipients=recipients
    )


@pytest.fixture
def backup(pg: DatabaseAddress, tmp_path: Path) -> Backup:
    """A backup of one table; since then there is a second one with a row."""
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    made = backup_of(pg, tmp_path)
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE precious (a int); INSERT INTO precious VALUES (1)")
    return made


def as_before(pg: DatabaseAddress) -> str:
    return f"The content of {pg.database} is as it was before: the new one was loaded beside it."


def left_of(pg: DatabaseAddress) -> list[str]:
    return [one.database for one in (beside(pg), beside(pg, BEFORE)) if exists(one)]


def with_sql(backup: Backup, old: bytes, new: bytes) -> Backup:
    """The same backup with other SQL, and a record that claims it."""
    sql = b"".join(read_sql(backup.path))
    assert old in sql
    backup.path.write_bytes(gzip.compress(sql.replace(old, new)))
    content = backup.path.read_bytes()
    return replace(
        backup,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        sql_bytes=len(sql) - len(old) + len(new),
    )


def test_everything_comes_back_and_what_was_there_is_in_the_safety_backup(
    pg: DatabaseAddress, tmp_path: Path
) -> None:
    with everything(pg):
        before, backup = picture_of(pg), backup_of(pg, tmp_path)
        changed(pg)
        later, told = picture_of(pg), Told()
        restore_exactly(pg, backup, told.console, safety_folder=tmp_path, now=NOW)
        restored = replace(picture_of(pg), grants=None)
        assert (restored, told.lines[-1]) == (
            replace(before, grants=None),
            f"The database is exactly as in {backup.path.name}.",
        )
        restore_exactly(pg, read_backup(tmp_path / SAFETY), Told().console)
        assert picture_of(pg) == later


def test_an_encrypted_backup_is_restored_with_its_key_only(pg: DatabaseAddress, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    key, other = age_key(tmp_path), age_key(tmp_path / "other")
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    before, backup = picture_of(pg), backup_of(pg, tmp_path / "backups", (key.recipient,))
    with connect(pg) as connection:
        run_script(connection, "INSERT INTO t VALUES (2)")
    for identity in (None, other.identity):
        with pytest.raises(Refused):
            prepare_restore(pg, backup, Told().console, identity=identity).refuse_obstacles(None)
    prepared = prepare_restore(pg, backup, Told().console, identity=key.identity)
    prepared.refuse_obstacles(tmp_path)
    prepared.load()
    assert (picture_of(pg), prepared.is_in_place()) == (before, True)


def test_an_owner_that_the_server_lost_and_settings_of_roles_come_back(
    pg: DatabaseAddress, tmp_path: Path
) -> None:
    role = f"{pg.database}_lost"
    settings = f"ALTER ROLE {role} IN DATABASE {pg.database}"
    with connect(pg) as connection:
        run_script(connection, f"CREATE ROLE {role}; {settings} SET work_mem = '7MB'")
        run_sql(connection, f"ALTER DATABASE {pg.database} OWNER TO {role}")
    try:
        before, backup = picture_of(pg), backup_of(pg, tmp_path)
        with connect(pg) as connection:
            run_script(connection, f"{settings} RESET ALL")
            assert not prepare_restore(pg, backup, Told().console).is_in_place()
            run_sql(connection, f"ALTER DATABASE {pg.database} OWNER TO postgres")
            run_sql(connection, f"DROP ROLE {role}")
        restore_exactly(pg, backup, Told().console)
        assert (picture_of(pg), prepare_restore(pg, backup, Told().console).is_in_place()) == (before, True)
    finally:
        with connect(pg) as connection:
            run_sql(connection, f"ALTER DATABASE {pg.database} OWNER TO postgres")
            run_script(connection, f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_role_that_a_failed_restore_created_is_gone_again(pg: DatabaseAddress, tmp_path: Path) -> None:
    role = f"{pg.database}_lost"
    with connect(pg) as connection:
        run_script(connection, f"CREATE ROLE {role}; CREATE TABLE t (a int)")
        backup = with_sql(backup_of(pg, tmp_path), b"CREATE TABLE public.t", b"CREATE TABLEE public.t")
        run_sql(connection, f"DROP ROLE {role}")
    before = picture_of(pg)
    with pytest.raises(ContentUntouched):
        restore_exactly(pg, backup, Told().console)
    assert picture_of(pg) == before


def test_sql_that_the_server_refuses_leaves_the_database_as_it_was(
    pg: DatabaseAddress, backup: Backup, tmp_path: Path
) -> None:
    before, wrong = picture_of(pg), with_sql(backup, b"CREATE TABLE public.t", b"CREATE TABLEE public.t")
    with pytest.raises(ContentUntouched) as failed:
        restore_exactly(pg, wrong, Told().console, safety_folder=tmp_path, now=NOW)
    assert (picture_of(pg), left_of(pg)) == (before, [])
    assert failed.value.happened == f"{backup.path.name} was not restored."
    assert any("TABLEE" in line for line in failed.value.details)
    assert failed.value.details[-1] == as_before(pg)
    assert failed.value.hint.endswith(f"./airlock restore {backup.path.name}")
    assert SAFETY in names_in(tmp_path)


def test_a_result_that_differs_leaves_the_database_as_it_was_and_names_the_way_around(
    pg: DatabaseAddress, backup: Backup
) -> None:
    before, wrong = picture_of(pg), with_sql(backup, b"\n1\n\\.", b"\n2\n\\.")
    with pytest.raises(ContentUntouched) as failed:
        restore_exactly(pg, wrong, Told().console)
    assert (picture_of(pg), left_of(pg)) == (before, [])
    assert failed.value.details == (
        "The loaded database differs from what it must be; it was dropped again.",
        "t: values in its rows differ",
        as_before(pg),
    )
    assert failed.value.hint.endswith(f"./airlock restore --unproven {backup.path.name}")


class Impatient(Console):
    """A person presses Ctrl-C once the backup has begun to load."""

    def __init__(self) -> None:
        super().__init__(story=StringIO())

    @contextmanager
    def progress(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        def advance(_size_bytes: int) -> None:
            os.kill(os.getpid(), signal.SIGINT)

        yield advance if title == "Loading the backup" else lambda size_bytes: None


def test_ctrl_c_leaves_the_database_as_it_was(pg: DatabaseAddress, backup: Backup, tmp_path: Path) -> None:
    before = picture_of(pg)
    with pytest.raises(Interrupted) as interrupted:
        restore_exactly(pg, backup, Impatient(), safety_folder=tmp_path, now=NOW)
    assert (interrupted.value.details, picture_of(pg), left_of(pg)) == ((as_before(pg),), before, [])
    with pytest.raises(InterruptedUntouched):
        prepare_restore(pg, backup, Impatient()).load()
    assert (picture_of(pg), left_of(pg)) == (before, [])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda backup: replace(backup, database="other"), "is of another database: other"),
        (lambda backup: replace(backup, sha256="0"), "is damaged"),
        (lambda backup: replace(backup, server_version="99.1"), "was made by PostgreSQL 99.1"),
        (lambda backup: replace(backup, data_bytes=1 << 60), r"room for .* in the database's data folder"),
    ],
)
def test_a_backup_that_cannot_be_restored_is_refused_before_anything_changes(
    pg: DatabaseAddress, backup: Backup, wrong: Callable[[Backup], Backup], message: str
) -> None:
    before = picture_of(pg)
    with pytest.raises(Refused, match=message):
        prepare_restore(pg, wrong(backup), Told().console).refuse_obstacles(None)
    assert picture_of(pg) == before


def test_a_user_who_may_not_restore_everything_is_refused(pg: DatabaseAddress, backup: Backup) -> None:
    role = f"{pg.database}_small"
    with connect(pg) as connection:
        run_script(connection, f"CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'p'")
    try:
        small = replace(pg, user=role, password=Secret("p"))
        with pytest.raises(Refused, match="is no superuser"):
            prepare_restore(small, backup, Told().console).refuse_obstacles(None)
    finally:
        with connect(pg) as connection:
            run_script(connection, f"DROP ROLE {role}")


def test_without_room_for_a_safety_backup_the_way_around_is_named(
    pg: DatabaseAddress, backup: Backup
) -> None:
    before = picture_of(pg)
    with pytest.raises(Refused) as refusal:
        restore_exactly(pg, backup, Told().console, safety_folder=Path("/proc"), now=NOW)
    assert refusal.value.hint.endswith(f"./airlock restore --no-safety-backup {backup.path.name}")
    assert picture_of(pg) == before


def test_nothing_is_replaced_while_somebody_migrates(pg: DatabaseAddress, backup: Backup) -> None:
    before = picture_of(pg)
    with connect(pg) as other, migration_lock(other), pytest.raises(AnotherRunActive):
        prepare_restore(pg, backup, Told().console).load()
    assert (picture_of(pg), left_of(pg)) == (before, [])


def test_sessions_that_come_again_and_again_are_told_and_ended(pg: DatabaseAddress, backup: Backup) -> None:
    told, stopped = Told(), multiprocessing.get_context("spawn").Event()
    visitor = multiprocessing.get_context("spawn").Process(target=visit_again_and_again, args=(pg, stopped))
    visitor.start()
    try:
        with connect(pg) as user:
            run_sql(user, "SELECT 1")
            prepare_restore(pg, backup, told.console).load()
    finally:
        stopped.set()
        visitor.join()
    assert any("uses the database, and will be ended: connection" in line for line in told.lines)
    assert prepare_restore(pg, backup, Told().console).is_in_place()


def visit_again_and_again(pg: DatabaseAddress, stopped: "multiprocessing.synchronize.Event") -> None:
    while not stopped.is_set():
        try:
            with connect(pg) as connection:
                run_sql(connection, "SELECT pg_sleep(0.3)")
        except Refused:
            continue


def test_a_prepared_transaction_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    """No session holds it: it outlasts the end of all sessions."""
    allowing = "POSTGRES_INITDB_ARGS=-c max_prepared_transactions=1"
    with running_postgresql("postgres:17", "--env", allowing) as server:
        pg = server.address("app")
        server.execute("CREATE DATABASE app")
        backup = backup_of(pg, tmp_path)
        with connect(pg) as connection:
            run_sql(connection, "BEGIN")
            run_sql(connection, "CREATE TABLE precious (a int)")
            run_sql(connection, "PREPARE TRANSACTION 'forgotten'")
        before = picture_of(pg)
        with pytest.raises(ContentUntouched) as refusal:
            prepare_restore(pg, backup, Told().console).load()
        assert refusal.value.details == (
            "Sessions of app could not be ended; nothing was changed.",
            "DETAIL: There is 1 prepared transaction using the database.",
            as_before(pg),
        )
        assert (picture_of(pg), left_of(pg)) == (before, [])


def test_an_old_database_that_cannot_be_dropped_is_told(pg: DatabaseAddress, backup: Backup) -> None:
    told, name = Told(), "stays"
    with connect(pg) as connection:
        run_sql(connection, f"CREATE SUBSCRIPTION {name} CONNECTION '' PUBLICATION p WITH (connect = false)")
    try:
        prepare_restore(pg, backup, told.console).load()
        assert prepare_restore(pg, backup, Told().console).is_in_place()
        left = beside(pg, BEFORE).database
        assert told.lines[-2:] == [
            f"Warning: The old content could not be deleted. Delete it by hand: DROP DATABASE {left}",
            f"The database is exactly as in {backup.path.name}.",
        ]
    finally:
        with connect(beside(pg, BEFORE)) as connection:
            run_script(
                connection, f"ALTER SUBSCRIPTION {name} SET (slot_name = NONE); DROP SUBSCRIPTION {name}"
            )
        clear_up_load(pg)


def test_what_a_killed_restore_leaves_is_cleared_up(pg: DatabaseAddress, backup: Backup) -> None:
    before = picture_of(pg)
    killed = multiprocessing.get_context("spawn").Process(target=load_without_end, args=(pg, backup))
    killed.start()
    wait_until(lambda: exists(beside(pg)) and "half" in tables_of(beside(pg)))
    killed.kill()
    killed.join()
    clear_up_load(pg)
    with connect(maintenance(pg)) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE $1"
        wait_until(lambda: value_of(connection, asked, (f"{pg.database}%",)) == 0)
    assert (picture_of(pg), left_of(pg)) == (before, [])
    prepare_restore(pg, backup, Told().console).load()
    assert prepare_restore(pg, backup, Told().console).is_in_place()


def load_without_end(pg: DatabaseAddress, backup: Backup) -> None:
    def sql() -> Iterator[bytes]:
        yield b"--\n-- PostgreSQL database dump\n--\n\n-- Name: half; Type: TABLE; Schema: public; Owner: -\n"
        yield b"CREATE TABLE half (a int);\nSELECT pg_sleep(1000);\n"
        while True:
            time.sleep(0.1)
            yield b"SELECT 1;" + b" " * 8192 + b"\n"

    replace_content(pg, backup.create_database, sql(), lambda _now: ())


def tables_of(pg: DatabaseAddress) -> list[str]:
    with connect(pg) as connection:
        found = value_of(connection, "SELECT array_agg(relname::text) FROM pg_class WHERE relkind = 'r'")
    return list(found or [])


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + NOTHING_HAPPENS_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_database_that_is_gone_is_restored(pg: DatabaseAddress, backup: Backup) -> None:
    with connect(maintenance(pg)) as connection:
        run_sql(connection, f"DROP DATABASE {pg.database}")
    prepared = prepare_restore(pg, backup, Told().console)
    prepared.refuse_obstacles(None)
    assert not prepared.is_in_place()
    prepared.load()
    assert prepared.is_in_place()


def test_the_database_that_every_server_has_is_restored_too(postgresql: PostgreSQL, tmp_path: Path) -> None:
    """POSTGRES_DB is `postgres` where nobody names another; statements about databases run elsewhere then."""
    pg = postgresql.address("postgres")
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    try:
        before, backup = picture_of(pg), backup_of(pg, tmp_path)
        with connect(pg) as connection:
            run_script(connection, "DELETE FROM t")
        restore_exactly(pg, backup, Told().console)
        assert (picture_of(pg), left_of(pg)) == (before, [])
    finally:
        postgresql.execute("DROP TABLE t")
