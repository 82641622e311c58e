import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from installer.database.values.picture import TableContent
from installer.operations.way_back.changes_since import files_since, row_changes, since_when
from tests.operations.decisions.test_shared_data import situation


def test_tables_are_told_whose_number_of_rows_is_another_but_not_the_history_of_migrations() -> None:
    before = {
        "users": TableContent(10, 1),
        "papers": TableContent(3, 1),
        "same": TableContent(5, 1),
        "busy": None,
        "_prisma_migrations": TableContent(2, 1),
    }
    now = {"users": 12, "papers": 1, "same": 5, "busy": 9, "_prisma_migrations": 4}
    assert row_changes(before, now) == ("table papers: -2 rows", "table users: +2 rows")


def test_a_table_that_was_not_counted_is_not_told() -> None:
    assert row_changes({"huge": TableContent(10, 1)}, {}) == ()


def test_of_many_tables_only_some_are_named() -> None:
    before = {f"t{number:02}": TableContent(0, 1) for number in range(13)}
    lines = row_changes(before, dict.fromkeys(before, 1))
    assert (len(lines), lines[9:]) == (11, ("table t09: +1 rows", "and 3 more tables"))


def test_files_written_since_are_counted(tmp_path: Path) -> None:
    (tmp_path / "of last year").write_text("old")
    os.utime(tmp_path / "of last year", (1_700_000_000, 1_700_000_000))
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "of today").write_text("new")
    assert files_since(tmp_path, 1_750_000_000) == 1


def test_that_something_is_put_aside_is_said_only_where_it_is(tmp_path: Path) -> None:
    plan, since = situation(tmp_path, "copy").plan, datetime(2026, 11, 22, 2, 3)
    without = replace(plan, databases=(), state=(), created_volumes=())
    used = "2.1.2 has been in operation since 2026-11-22 02:03 UTC."
    aside = f"{used} These changes by its migrations and users will be undone and kept:"
    assert since_when(without, "2.1.2", since) == used
    for more in ({"databases": plan.databases}, {"state": plan.state}, {"created_volumes": ("vault_new",)}):
        assert since_when(replace(without, **more), "2.1.2", since) == aside
