"""What a plan says about the backup that it names."""

from pathlib import Path

from tests.operations.plan.test_previous_place import a_plan


def test_a_backup_is_finished_when_its_record_is_there(tmp_path: Path) -> None:
    plan = a_plan(tmp_path / "new", tmp_path / "old")
    plan.backup_path.parent.mkdir(parents=True)
    seen = [plan.has_backup]
    for path in (plan.backup_path, plan.backup_record_path):
        path.touch()
        seen.append(plan.has_backup)
    assert seen == [False, False, True]
