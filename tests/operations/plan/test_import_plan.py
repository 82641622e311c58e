"""What a plan says about the backups that it names."""

from dataclasses import replace
from pathlib import Path

from installer.database.records.backup_record import record_path
from installer.operations.plan.import_plan import PlannedDatabase
from tests.operations.plan.test_previous_place import a_plan

ONE, TWO = PlannedDatabase("users-db"), PlannedDatabase("orders-db")


def test_a_backup_is_finished_when_its_record_is_there(tmp_path: Path) -> None:
    plan = replace(a_plan(tmp_path / "new", tmp_path / "old"), databases=(ONE,))
    path = plan.backup_path(ONE)
    path.parent.mkdir(parents=True)
    seen = [plan.has_backup(ONE)]
    for file in (path, record_path(path)):
        file.touch()
        seen.append(plan.has_backup(ONE))
    assert seen == [False, False, True]


def test_each_of_several_databases_has_a_backup_of_its_own(tmp_path: Path) -> None:
    alone = replace(a_plan(tmp_path / "new", tmp_path / "old"), databases=(ONE,))
    plan = replace(alone, databases=(ONE, TWO))
    name = alone.backup_path(ONE).name
    assert [plan.backup_path(one).name for one in plan.databases] == [
        name.replace(".sql.gz", "_users-db.sql.gz"),
        name.replace(".sql.gz", "_orders-db.sql.gz"),
    ]
    for file in (plan.backup_path(TWO), record_path(plan.backup_path(TWO))):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert plan.backed_up == (TWO,)
