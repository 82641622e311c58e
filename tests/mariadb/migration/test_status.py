"""The status from rows and folders; the database is in test_migrate."""

from dataclasses import replace

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus, compare
from installer.database.values.history_row import HistoryRow

A, B, C = (Migration(f"2026010{day}000000_{name}", b"SELECT 1;") for day, name in enumerate("abc", 1))


def applied(migration: Migration, minute: int = 0, **changes: object) -> HistoryRow:
    time = f"2026-11-21 23:{minute:02}:06.086"
    row = HistoryRow(f"id-{minute}", migration.checksum, time, migration.name, None, None, time, 1)
    return replace(row, **changes)  # type: ignore[arg-type]


def failed(migration: Migration, minute: int = 0) -> HistoryRow:
    return applied(migration, minute, finished_at=None, logs="no", applied_steps_count=0)


def rolled_back(migration: Migration, minute: int = 0) -> HistoryRow:
    return replace(failed(migration, minute), rolled_back_at="2026-11-21 23:59:00.000")


def test_everything_applied_is_up_to_date() -> None:
    status = compare([applied(A, 1), applied(B, 2)], [A, B])
    assert status == MigrationStatus(applied=(A.name, B.name))
    assert status.is_up_to_date


def test_folders_without_a_row_are_pending() -> None:
    status = compare([applied(A, 1)], [A, B, C])
    assert status == MigrationStatus(applied=(A.name,), pending=(B.name, C.name))
    assert not status.is_up_to_date


def test_a_failed_row_is_neither_applied_nor_pending() -> None:
    row = failed(B, 2)
    assert compare([applied(A, 1), row], [A, B]) == MigrationStatus(applied=(A.name,), failed=(row,))


def test_rolled_back_and_never_applied_again_is_pending_and_said() -> None:
    assert compare([applied(A, 1), rolled_back(B, 2)], [A, B]) == MigrationStatus(
        applied=(A.name,), pending=(B.name,), rolled_back_only=(B.name,)
    )


def test_failed_and_rolled_back_then_applied_is_up_to_date() -> None:
    assert compare([rolled_back(A, 1), applied(A, 2)], [A]).is_up_to_date


def test_an_edited_script_is_seen_and_line_endings_are_no_edit() -> None:
    windows = replace(A, script=b"SELECT\r\n1;")
    assert compare([applied(windows)], [replace(A, script=b"SELECT\n1;")]).is_up_to_date
    assert compare([applied(A)], [replace(A, script=b"SELECT 2;")]).edited == (A.name,)
    assert compare([applied(A)], [replace(A, script=None)]).edited == (A.name,)


def test_a_row_without_a_folder_is_missing_locally() -> None:
    assert compare([applied(A, 1), applied(B, 2)], [A]).missing_locally == (B.name,)


def test_a_migration_behind_a_later_one_is_out_of_order_pending_or_applied() -> None:
    assert compare([applied(A, 1), applied(C, 2)], [A, B, C]).out_of_order == (B.name,)
    assert compare([applied(A, 1), applied(C, 2), applied(B, 3)], [A, B, C]).out_of_order == (B.name,)
    assert compare([applied(A, 1), applied(B, 2), applied(C, 3)], [A, B, C]).out_of_order == ()


def test_names_that_differ_only_in_case_are_two_migrations() -> None:
    upper = replace(A, name=A.name.upper())
    assert compare([applied(A)], [A, upper]).pending == (upper.name,)


def test_rows_of_the_same_millisecond_have_no_order() -> None:
    assert compare([applied(C, 1), applied(A, 1)], [A, C]).is_up_to_date
