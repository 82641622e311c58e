"""Dumps of PostgreSQL that people made by hand: restored whatever options they used, or refused in words."""

import gzip
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import ContentUntouched
from installer.errors import Refused
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.database_beside import beside, exists
from installer.postgresql.restore.prepare_restore import prepare_restore
from installer.postgresql.server.queries import quoted, rows_of, run_script, run_sql
from installer.postgresql.server.server import connect
from tests.mariadb.backups import Told
from tests.postgresql.everything import changed, everything, said, words
from tests.postgresql.restore.dumps import CLOSING, dump_by_hand, dump_of_server, restore_dump, sql
from tests.testbed.postgresql import PostgreSQL

pytestmark = [pytest.mark.engine, pytest.mark.database]
TABLE = "CREATE TABLE public.t (a int);"
ODD_ROW = r"\connect postgres\n\.\n-- Name: x; Type: DATABASE; Schema: -; Owner: -"
ROW_OF_TEXT = f"CREATE TABLE t (a text); INSERT INTO t VALUES (E'{ODD_ROW}')"


@pytest.fixture
def full(pg: DatabaseAddress) -> Iterator[DatabaseAddress]:
    """A database with every kind of object."""
    with everything(pg):
        yield pg


@pytest.fixture
def oddly_named(postgresql: PostgreSQL) -> Iterator[DatabaseAddress]:
    name = "My \"Vault's\\ ; 금고"
    postgresql.execute(f"CREATE DATABASE {quoted(name)}")
    try:
        yield postgresql.address(name)
    finally:
        postgresql.execute(f"DROP DATABASE {quoted(name)} WITH (FORCE)")


@pytest.mark.parametrize(
    "options",
    [(), ("--create",), ("--clean",), ("--clean", "--if-exists", "--create"), ("--inserts", "--create")],
    ids=" ".join,
)
def test_a_dump_with_everything_comes_back_with_everything(
    full: DatabaseAddress, tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = dump_by_hand(full, tmp_path / "backup.sql", *options)
    before = picture_of(full)
    changed(full)
    restore_dump(full, path, Told().console)
    now = picture_of(full)
    changed_before = {} if "--create" in options else {"database": now.definitions["database"]}
    assert {**now.definitions} == {**before.definitions, **changed_before}
    assert (now.tables, now.positions) == (before.tables, before.positions)


def test_what_a_dump_creates_the_database_with_comes_back(
    oddly_named: DatabaseAddress, tmp_path: Path
) -> None:
    name = quoted(oddly_named.database)
    with connect(oddly_named) as connection:
        run_script(connection, ROW_OF_TEXT)
        run_sql(connection, f"COMMENT ON DATABASE {name} IS 'DATABASE; x'")
        run_sql(connection, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        run_sql(connection, f"GRANT CREATE ON DATABASE {name} TO PUBLIC")
        run_sql(connection, f"ALTER ROLE postgres IN DATABASE {name} SET work_mem = '5MB'")
    before, path = picture_of(oddly_named), dump_by_hand(oddly_named, tmp_path / "backup.sql", "--create")
    with connect(oddly_named) as connection:
        run_script(connection, "DROP TABLE t; CREATE TABLE later (a int)")
        run_sql(connection, f"ALTER DATABASE {name} RESET ALL")
    restore_dump(oddly_named, path, Told().console)
    assert picture_of(oddly_named) == before


def test_of_the_dump_of_a_whole_server_only_this_database_is_restored(
    postgresql: PostgreSQL, full: DatabaseAddress, tmp_path: Path
) -> None:
    with postgresql.new_database() as other:
        with connect(other) as connection:
            run_script(connection, "CREATE TABLE of_another (a int)")
        before, path = picture_of(full), dump_of_server(full, tmp_path / "server.sql", "--clean")
        with connect(other) as connection:
            run_script(connection, "INSERT INTO of_another VALUES (1)")
        others = picture_of(other)
        with connect(full) as connection:
            run_script(
                connection, said("DROP SCHEMA s; DROP ROLE *lost*; CREATE TABLE t99 (a int)", words(full))
            )
        restore_dump(full, path, Told().console)
        assert (picture_of(full), picture_of(other).tables) == (before, others.tables)


def test_a_dump_with_the_line_ends_of_windows_is_restored(pg: DatabaseAddress, tmp_path: Path) -> None:
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, NULL)")
    before, path = picture_of(pg), dump_by_hand(pg, tmp_path / "backup.sql", "--clean")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with connect(pg) as connection:
        run_sql(connection, "DELETE FROM t")
    restore_dump(pg, path, Told().console)
    assert picture_of(pg) == before


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_the_first_bytes_tell_how_it_is_packed(pg: DatabaseAddress, tmp_path: Path, kind: str) -> None:
    with connect(pg) as connection:
        run_script(
            connection, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); CREATE VIEW v AS TABLE t"
        )
    before, path, told = picture_of(pg), dump_by_hand(pg, tmp_path / "no.suffix"), Told()
    if kind == "gz":
        path.write_bytes(gzip.compress(path.read_bytes()))
    else:
        packing = ("docker", "exec", "--interactive", pg.container_id, "zstd", "-c")
        path.write_bytes(
            subprocess.run(packing, input=path.read_bytes(), capture_output=True, check=True).stdout
        )
    restore_dump(pg, path, told.console)
    assert picture_of(pg) == before
    assert told.lines[-4:] == [
        "no.suffix is loaded. There is no record to compare it with.",
        "Tables: 1, rows: 2",
        "view: 1",
        "Migrations applied: 0, the last: none",
    ]


def test_what_a_dump_lacks_is_told_before_it_is_loaded(pg: DatabaseAddress, tmp_path: Path) -> None:
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)")
    path, told = dump_by_hand(pg, tmp_path / "backup.sql", "--schema-only"), Told()
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE new (a int); CREATE SCHEMA s; CREATE VIEW s.v AS SELECT 1")
    prepared = prepare_restore(pg, path, told.console)
    [first, *others] = told.lines
    assert (prepared.is_in_place(), first.startswith("backup.sql: pg_dump ")) == (False, True)
    assert others == [
        "Warning: The dump was made without Airlock: it has no record, so the result cannot be compared.",
        "Warning: The dump contains no rows: it was made with --schema-only.",
        "Warning: Not in the dump, will be DELETED: schema s",
        "Warning: Not in the dump, will be DELETED: table new",
        "Warning: Not in the dump, will be DELETED: view s.v",
    ]


def as_text(text: str) -> Callable[[DatabaseAddress, Path], Path]:
    def write(_pg: DatabaseAddress, path: Path) -> Path:
        path.write_text(text)
        return path

    return write


def with_options(*options: str) -> Callable[[DatabaseAddress, Path], Path]:
    return lambda pg, path: dump_by_hand(pg, path, *options)


def packed_custom(pg: DatabaseAddress, path: Path) -> Path:
    path.write_bytes(gzip.compress(dump_by_hand(pg, path, "--format=custom").read_bytes()))
    return path


def in_a_folder(_pg: DatabaseAddress, path: Path) -> Path:
    path.mkdir()
    (path / "toc.dat").write_bytes(b"PGDMP")
    return path


def half(pg: DatabaseAddress, path: Path) -> Path:
    whole = dump_by_hand(pg, path).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def server_without_end(pg: DatabaseAddress, path: Path) -> Path:
    whole = dump_of_server(pg, path).read_text()
    path.write_text(whole[: whole.index(CLOSING) + len(CLOSING)])
    return path


def without_comments(pg: DatabaseAddress, path: Path) -> Path:
    lines = dump_by_hand(pg, path).read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("-- Name: ")))
    return path


def of_another_database(pg: DatabaseAddress, path: Path) -> Path:
    return dump_by_hand(replace(pg, database="postgres"), path, "--create")


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (as_text(""), "is empty"),
        (as_text(sql(TABLE, client="99.1")), "was made by PostgreSQL 99.1; this server is"),
        (as_text(sql(TABLE, begins="-- MariaDB dump 10.19")), "is a dump of MariaDB or MySQL"),
        (as_text("-- MySQL dump 10.13  Distrib 8.0.36\n"), "is a dump of MariaDB or MySQL"),
        (as_text("SELECT 1;\n"), "is not a dump of pg_dump"),
        (with_options("--format=custom"), r"(?s)is an archive of pg_dump.*pg_restore -f - < "),
        (with_options("--format=tar"), r"(?s)is an archive of pg_dump.*pg_restore -f - < "),
        (packed_custom, "is an archive of pg_dump"),
        (in_a_folder, r"(?s)is an archive of pg_dump.*docker cp .* pg_restore -f - "),
        (half, "is incomplete"),
        (server_without_end, "is incomplete"),
        (as_text(sql(TABLE) + "DROP TABLE t;\n"), "is incomplete"),
        (without_comments, "is not as pg_dump wrote it"),
        (of_another_database, "is a dump of another database: postgres"),
        (as_text(sql("\\! rm -rf /\n" + TABLE)), r"(?s)contains commands of psql.*rm -rf"),
        (as_text(sql(f"{TABLE}\nALTER TABLE public.t OWNER TO nobody;")), "has no role nobody"),
        (as_text(sql(f'{TABLE}\nGRANT ALL ON TABLE public.t TO "No One";')), 'has no role "No One"'),
        (as_text(sql("ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT ALL ON TABLES TO b;")), "has no role a, b"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_and_nothing_is_changed(
    pg: DatabaseAddress, tmp_path: Path, made: Callable[[DatabaseAddress, Path], Path], message: str
) -> None:
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    before, path = picture_of(pg), made(pg, tmp_path / "backup.sql")
    with pytest.raises(Refused, match=message):
        prepare_restore(pg, path, Told().console)
    assert picture_of(pg) == before


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (f"{TABLE}\nINSERT INTO public.t VALUES ('a');", "invalid input syntax"),
        (f"{TABLE}\nDROP TABLE public.t;", "missing: table t"),
        (f"{TABLE}\nCOPY public.t (a) FROM stdin;\n1\n2\tx\n\\.", "extra data after last expected column"),
        (f"{TABLE}\nCREATE EXTENSION nowhere;", 'extension "nowhere" is not available'),
    ],
)
def test_sql_that_does_not_load_leaves_the_database_as_it_was(
    pg: DatabaseAddress, tmp_path: Path, body: str, problem: str
) -> None:
    with connect(pg) as connection:
        run_script(connection, "CREATE TABLE precious (a int); INSERT INTO precious VALUES (1)")
    before, path = picture_of(pg), tmp_path / "odd.sql"
    path.write_text(sql(body))
    with pytest.raises(ContentUntouched) as failed:
        restore_dump(pg, path, Told().console)
    assert failed.value.happened == "odd.sql was not restored."
    assert any(problem in line for line in failed.value.details)
    assert failed.value.details[-1] == (
        f"The content of {pg.database} is as it was before: the new one was loaded beside it."
    )
    assert (picture_of(pg), exists(beside(pg))) == (before, False)


def test_a_file_that_changes_while_it_is_loaded_leaves_the_database_as_it_was(
    pg: DatabaseAddress, tmp_path: Path
) -> None:
    path = tmp_path / "backup.sql"
    path.write_text(sql(TABLE))
    prepared, before = prepare_restore(pg, path, Told().console), picture_of(pg)
    path.write_text(sql(f"{TABLE}\nCREATE TABLE public.more (a int);"))
    with pytest.raises(ContentUntouched) as failed:
        prepared.load()
    assert "was changed while it was loaded" in failed.value.details[0]
    assert picture_of(pg) == before


def test_a_database_that_is_gone_is_created_by_the_dump(pg: DatabaseAddress, tmp_path: Path) -> None:
    path = tmp_path / "backup.sql"
    path.write_text(sql(f"{TABLE}\nINSERT INTO public.t VALUES (1);"))
    with connect(replace(pg, database="postgres")) as connection:
        run_sql(connection, f"DROP DATABASE {pg.database}")
    restore_dump(pg, path, Told().console)
    with connect(pg) as connection:
        assert rows_of(connection, "SELECT a FROM t") == [(1,)]
