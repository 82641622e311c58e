"""Which backups go and which stay: the newest, those a way back needs, and files that are not ours."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from installer.database.records.backup_record import (
    Backup,
    list_backups,
    new_path,
    read_backup,
    write_record,
)
from installer.errors import Refused
from installer.operations.backups.retention import halves_in, plan_pruning, prune
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.plan.import_plan_file import dump_plan
from installer.site.paths import backups_folder, runs_folder
from installer.workflow.journal import Journal, begin_run
from tests.mariadb.backups import NOW


def made(
    release: Path, hours: int, *, reason: str = "manual", size_bytes: int = 10, service: str = ""
) -> Backup:
    """A backup as its files stand in the folder, made so many hours after `NOW`."""
    at = NOW + timedelta(hours=hours)
    folder = backups_folder(release)
    folder.mkdir(exist_ok=True)
    path = new_path(folder, reason, at, service)
    path.write_bytes(bytes(size_bytes))
    backup = Backup(
        path=path, reason=reason, made_at=at.isoformat(timespec="milliseconds"), database="shop",
        create_database="CREATE DATABASE `shop`", server_version="10.11", locked_tables=False, sha256="0",
        size_bytes=size_bytes, sql_bytes=1, data_bytes=None, recipients=(), tables={}, objects={},
        positions={}, grants={}, inexact_columns=(), migrations=None, service=service,
    )  # fmt: skip
    write_record(backup)
    return backup


def run_of(release: Path, started_at: datetime) -> Journal:
    """An import into this directory that was begun."""
    plan = ImportPlan(
        started_at=started_at, release=release, version="2", project="vault", previous=None, settings=(),
        state_mode="copy", state=(), created_paths=(), created_volumes=(), emptied_paths=(),
        references_before=(), databases=(PlannedDatabase("db"),), rehearsal="",
    )  # fmt: skip
    return begin_run(runs_folder(release), plan.run_name, dump_plan(plan))


def test_the_newest_stay_whatever_they_were_made_for(tmp_path: Path) -> None:
    first, second, third = made(tmp_path, 1), made(tmp_path, 2, reason="before_restore"), made(tmp_path, 3)
    pruning = plan_pruning(tmp_path, 2)
    assert (pruning.goes, pruning.needed, pruning.size_bytes) == ((first,), (), 10)
    prune(pruning)
    assert list_backups(backups_folder(tmp_path)) == (second, third)
    assert len(list(backups_folder(tmp_path).iterdir())) == 4


def test_the_newest_of_each_database_stay(tmp_path: Path) -> None:
    old_users, old_orders = made(tmp_path, 1, service="users-db"), made(tmp_path, 1, service="orders-db")
    made(tmp_path, 2, service="users-db")
    made(tmp_path, 2, service="orders-db")
    goes = plan_pruning(tmp_path, 1).goes
    assert {one.path for one in goes} == {old_users.path, old_orders.path}


def test_the_newest_that_were_made_together_stay_although_some_are_newer(tmp_path: Path) -> None:
    oldest = made(tmp_path, 1, service="users-db"), made(tmp_path, 1, service="orders-db")
    made(tmp_path, 2, service="users-db")
    made(tmp_path, 2, service="orders-db")
    single = made(tmp_path, 3, service="users-db")
    made(tmp_path, 4, service="users-db")
    goes = plan_pruning(tmp_path, 1).goes
    assert {one.path for one in goes} == {single.path, *(one.path for one in oldest)}


@pytest.mark.parametrize("end", [None, "stuck", "done"])
def test_the_backup_that_going_back_would_need_stays(tmp_path: Path, end: str | None) -> None:
    needed, other = made(tmp_path, 0, reason="before_migration"), made(tmp_path, 1)
    made(tmp_path, 2)
    run = run_of(tmp_path, NOW)
    if end is not None:
        run.ended(end)  # type: ignore[arg-type]
    pruning = plan_pruning(tmp_path, 1)
    assert (pruning.goes, pruning.needed) == ((other,), (needed,))


@pytest.mark.parametrize("end", ["restored", "refused"])
def test_an_import_that_was_undone_needs_no_backup_any_more(tmp_path: Path, end: str) -> None:
    old, _newest = made(tmp_path, 0, reason="before_migration"), made(tmp_path, 1)
    run_of(tmp_path, NOW).ended(end)  # type: ignore[arg-type]
    assert plan_pruning(tmp_path, 1).goes == (old,)


def test_nothing_goes_while_it_cannot_be_known_what_a_run_needs(tmp_path: Path) -> None:
    made(tmp_path, 0)
    run = run_of(tmp_path, NOW)
    (run.folder / "plan.json").write_text("{")
    with pytest.raises(Refused, match="nothing was deleted"):
        plan_pruning(tmp_path, 1)


def test_halves_and_strange_files_are_told_and_left_alone(tmp_path: Path) -> None:
    whole, dump_only, record_only = made(tmp_path, 0), made(tmp_path, 1), made(tmp_path, 2)
    dump_only.record_path.unlink()
    record_only.path.unlink()
    folder = backups_folder(tmp_path)
    strange = [folder / "by-hand.sql.gz", folder / "notes.json", folder / "old.sql"]
    for path in strange:
        path.touch()
    assert halves_in(folder) == (dump_only.path, record_only.record_path)
    made(tmp_path, 3)
    prune(plan_pruning(tmp_path, 1))
    assert not whole.path.exists()
    assert all(path.exists() for path in (dump_only.path, record_only.record_path, *strange))


def test_a_record_of_the_first_format_still_reads(tmp_path: Path) -> None:
    backup = made(tmp_path, 0)
    text = backup.record_path.read_text().replace('"format": 2', '"format": 1')
    for gone in ('"data_bytes": null', '"recipients": []', '"positions": {}', '"grants": {}'):
        text = text.replace(f"  {gone},\n", "")
    text = text.replace('"objects": {}', '"objects": {"table": {"t": "00"}, "view": {"v": "11"}}')
    backup.record_path.write_text(text)
    read = read_backup(backup.path)
    assert read.objects == {"table": {"t": None}, "view": {"v": "11"}, "database": {"character set": None}}
    assert replace(read, objects={}) == replace(backup, grants=None)
