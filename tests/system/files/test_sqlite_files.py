"""SQLite databases are known by their files, wherever an application keeps them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from installer.system.files.sqlite_files import has_sqlite_file


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a INT)")
    return path


def test_a_real_one_deep_below_a_folder_is_found(tmp_path: Path) -> None:
    made(tmp_path / "data/app/store.db")
    assert has_sqlite_file(tmp_path)


def test_a_file_that_is_mounted_alone_is_found(tmp_path: Path) -> None:
    assert has_sqlite_file(made(tmp_path / "data/store.sqlite"))


def test_a_file_of_another_kind_with_such_a_name_is_none(tmp_path: Path) -> None:
    (tmp_path / "dump.db").write_text("SQLite format 3, they say")
    (tmp_path / "folder.sqlite").mkdir()
    (tmp_path / "link.sqlite").symlink_to(made(tmp_path / "away/x.bin"))
    assert not has_sqlite_file(tmp_path)


def test_a_folder_that_is_gone_has_none(tmp_path: Path) -> None:
    assert not has_sqlite_file(tmp_path / "gone")
