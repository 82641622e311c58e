"""What released versions left on sites is read for good: these files are never written again.

A folder for each version holds an import that was cut off while it migrated, and its backup. `journal.jsonl`
has the format of that version; one without a format number is of the time before.
"""

import shutil
from pathlib import Path
from typing import cast

import pytest

from installer.database.records.backup_record import read_backup
from installer.mariadb.backup.dump_end import verify_backup
from installer.operations.plan.import_plan_file import load_plan
from installer.operations.services.change_context import Change
from installer.operations.steps.import_steps import import_steps
from installer.operations.way_back.unfinished_runs import unfinished_run
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.workflow.journal import EVENTS, Journal
from installer.workflow.step import begun_of

KEPT = Path(__file__).parent
VERSIONS = sorted(path.name for path in KEPT.iterdir() if (path / "runs").is_dir())
BEGUN = (
    "keep-settings",
    "snapshot-place",
    "copy-ahead",  # newer than the journals: its undo must do nothing
    "stop-services",
    "back-up",
    "carry-over",
    "start-database",
    "migrate",
)


@pytest.fixture(params=VERSIONS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    """The run as it stands in the release directory `tmp_path`."""
    (source,) = (KEPT / request.param / "runs").iterdir()
    return Journal(Path(shutil.copytree(source, tmp_path / ".airlock" / "runs" / source.name)))


@pytest.mark.parametrize("journal", [EVENTS, "journal-without-format.jsonl"])
def test_an_import_that_was_cut_off_is_found_with_the_steps_that_it_began(run: Journal, journal: str) -> None:
    (run.folder / journal).replace(run.folder / EVENTS)
    release = run.folder.parents[2]
    assert unfinished_run(release) == run
    change = Change(load_plan(run.plan(), release), cast(Engine, None), Console(), 1.0)
    assert tuple(step.name for step in begun_of(import_steps(change), run)) == BEGUN


def test_its_plan_says_what_to_undo(run: Journal) -> None:
    plan = load_plan(run.plan(), run.folder.parents[2])
    assert plan.previous is not None
    assert (plan.version, plan.previous.version, plan.project) == ("2.1.2", "2.1.1", "customer-vault")
    assert [(item.source.name, item.is_copied, item.databases) for item in plan.state] == [
        ("uploads", True, ()),
        ("logs", True, ()),
        ("mariadb", True, ("db",)),
    ]
    assert [(one.service, one.snapshot) for one in plan.databases] == [("db", None)]
    assert (plan.settings, plan.run_name) == ((".env",), run.folder.name)


@pytest.mark.parametrize("version", VERSIONS)
def test_its_backup_is_whole(version: str) -> None:
    (dump,) = (KEPT / version / "backups").glob("*.sql.gz")
    backup = read_backup(dump)
    verify_backup(backup)
    assert {name: content.rows for name, content in backup.tables.items() if content} == {
        "_prisma_migrations": 2,
        "audit": 206,
        "departments": 3,
        "documents": 3,
        "users": 206,
    }
