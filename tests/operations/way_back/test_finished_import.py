from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.plan.import_plan_file import dump_plan
from installer.operations.plan.step_names import RECORD
from installer.operations.way_back.finished_import import finished_run
from installer.operations.way_back.unfinished_runs import unfinished_run
from installer.site.paths import runs_folder
from installer.site.release_record import ReleaseRecord, record_release
from installer.workflow.journal import Journal, begin_run
from tests.operations.decisions.test_shared_data import situation


def imported(release: Path, plan: ImportPlan | None = None) -> Journal:
    """A release in operation, and the journal of its import."""
    plan = plan or situation(release, "copy").plan
    journal = begin_run(runs_folder(release), plan.run_name, dump_plan(plan))
    for step in ("stop-services", RECORD):
        journal.started(step)
        journal.finished(step)
    journal.ended("done")
    record_release(
        release,
        ReleaseRecord("vault", "2.1.2", "vault", "2026-11-22T00:00:00+00:00", plan.run_name, None, None),
    )
    return journal


def refusal(release: Path) -> str:
    with pytest.raises(Refused) as refused:
        finished_run(release)
    return refused.value.happened


def test_the_import_that_the_record_names_is_the_one_to_go_back_from(tmp_path: Path) -> None:
    journal = imported(tmp_path)
    assert finished_run(tmp_path) == journal


def test_a_directory_where_nothing_was_installed_has_no_import_to_go_back_from(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "There is no import to roll back in this directory."


def test_the_first_release_has_nothing_to_go_back_to(tmp_path: Path) -> None:
    imported(tmp_path, replace(situation(tmp_path, "copy").plan, previous=None))
    assert refusal(tmp_path) == "2.1.2 was the first release here: there is no old release to roll back to."


def test_after_going_back_there_is_nothing_more(tmp_path: Path) -> None:
    imported(tmp_path).ended("restored")
    assert refusal(tmp_path) == "There is no import to roll back in this directory: it was already undone."


def test_an_import_whose_journal_was_removed_cannot_be_undone(tmp_path: Path) -> None:
    journal = imported(tmp_path)
    for file in journal.folder.iterdir():
        file.unlink()
    assert refusal(tmp_path) == "The journal of the import is missing, so the import cannot be undone."


def test_from_its_first_record_on_a_rollback_must_be_finished(tmp_path: Path) -> None:
    journal = imported(tmp_path)
    assert unfinished_run(tmp_path) is None
    journal.reopened("rollback")
    assert unfinished_run(tmp_path) == journal  # its services may be stopped already
    journal.undone(RECORD)
    assert unfinished_run(tmp_path) == journal
    journal.ended("restored")
    assert unfinished_run(tmp_path) is None


def test_a_run_that_started_no_step_is_no_obstacle(tmp_path: Path) -> None:
    release = tmp_path / "release"
    journal = begin_run(runs_folder(release), "20261122-000000-import", b"{}")
    assert unfinished_run(release) is None
    journal.started("stop-services")
    assert unfinished_run(release) == journal


def test_a_rollback_that_was_given_up_before_it_undid_anything_leaves_a_finished_import(
    tmp_path: Path,
) -> None:
    journal = imported(tmp_path)
    journal.reopened("rollback")
    journal.ended("done")
    assert (unfinished_run(tmp_path), finished_run(tmp_path)) == (None, journal)
