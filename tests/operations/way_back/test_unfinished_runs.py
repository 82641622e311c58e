"""A run that did not end stands against every other change, with its two ways."""

from pathlib import Path

import pytest

from installer.errors import Refused
from installer.operations.plan.restore_plan import REPLACE, STOP, dump_restore_plan, replace_step
from installer.operations.way_back.unfinished_runs import (
    refuse_unfinished_run,
    unfinished_restore,
    unfinished_run,
)
from installer.site.paths import runs_folder
from installer.workflow.journal import Journal, begin_run
from tests.operations.plan.test_restore_plan import DATABASE, OF_TWO, PLAN, of_one

BOTH_WAYS = (
    "In that directory, run one of: ./airlock restore --resume (continues it), ./airlock rollback (undoes it)"
)


def begun(release: Path) -> Journal:
    journal = begin_run(runs_folder(release), PLAN.run_name, dump_restore_plan(PLAN), verb="restore")
    journal.started("stop-services")
    return journal


def refusal(release: Path) -> Refused:
    with pytest.raises(Refused) as refused:
        refuse_unfinished_run(release)
    return refused.value


def test_a_restore_that_did_not_end_is_told_with_what_it_did_and_both_ways(tmp_path: Path) -> None:
    journal = begun(tmp_path)
    journal.started(STOP)
    refused = refusal(tmp_path)
    assert refused.happened == f"An earlier restore in {tmp_path} was interrupted or got stuck."
    assert refused.details == (
        "The restore of backup_manual_20261121_000000.sql.gz, which began at 2026-11-22T01:02:03+00:00,"
        " did not end.",
        "The content of the database is as it was before.",
        f"Its journal: {journal.folder}",
    )
    assert refused.hint == BOTH_WAYS.replace("--resume", "--resume --identity KEYFILE")
    journal.started(REPLACE)
    assert refusal(tmp_path).details[1] == "The content of the database may be incomplete."
    journal.finished(REPLACE)
    assert refusal(tmp_path).details[1] == "The backup is loaded, and was compared."


def test_of_several_databases_each_is_told_by_its_own_steps(tmp_path: Path) -> None:
    journal = begin_run(runs_folder(tmp_path), OF_TWO.run_name, dump_restore_plan(OF_TWO), verb="restore")
    journal.started(replace_step("users-db"))
    journal.finished(replace_step("users-db"))
    journal.started(replace_step("orders-db"))
    assert refusal(tmp_path).details == (
        "The restore of backup_manual_20261121_000000_users-db.sql.gz"
        " backup_manual_20261121_000000_orders-db.sql.gz, which began at 2026-11-22T01:02:03+00:00,"
        " did not end.",
        "users-db: The backup is loaded, and was compared.",
        "orders-db: The content of the database may be incomplete.",
        f"Its journal: {journal.folder}",
    )


def test_the_key_of_a_backup_is_asked_for_only_if_it_is_encrypted(tmp_path: Path) -> None:
    plan = of_one(is_encrypted=False)
    journal = begin_run(runs_folder(tmp_path), plan.run_name, dump_restore_plan(plan), verb="restore")
    journal.started("stop-services")
    assert refusal(tmp_path).hint == BOTH_WAYS


def test_its_safety_backup_is_named_once_it_is_complete(tmp_path: Path) -> None:
    begun(tmp_path)
    path = DATABASE.safety_path(tmp_path)
    assert path is not None
    path.parent.mkdir()
    for file in (path, path.with_name(path.name.replace(".sql.gz", ".json"))):
        file.touch()
    assert refusal(tmp_path).details[2] == f"The safety backup of the content from before: {path}"


@pytest.mark.parametrize("end", ["done", "restored", "refused"])
def test_a_restore_that_ended_stands_against_nothing(tmp_path: Path, end: str) -> None:
    begun(tmp_path).ended(end)  # type: ignore[arg-type]
    refuse_unfinished_run(tmp_path)
    assert unfinished_restore(tmp_path) is None


def test_a_restore_that_is_stuck_is_no_import_to_roll_back(tmp_path: Path) -> None:
    journal = begun(tmp_path)
    journal.ended("stuck")
    assert (unfinished_restore(tmp_path), unfinished_run(tmp_path)) == (journal, None)


def test_the_newest_unfinished_run_comes_first(tmp_path: Path) -> None:
    begun(tmp_path)
    later = begin_run(runs_folder(tmp_path), "20261123-000000-import", b"{}")
    later.started("keep-settings")
    assert unfinished_restore(tmp_path) is None
    assert f"An earlier import in {tmp_path}" in refusal(tmp_path).happened
    later.ended("restored")
    assert unfinished_restore(tmp_path) is not None
