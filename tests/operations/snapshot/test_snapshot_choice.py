"""Which way back is chosen, and what is said of it."""

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.snapshot.snapshot_choice import choose_snapshot, minutes_to_load
from installer.site.running.installation import Installation
from installer.system.compose.compose import Compose
from tests.operations.decisions.test_shared_data import situation
from tests.operations.preflight.containers import a_container

INSIDE = "its files are inside the container"
BY_BACKUP = "Rollback would take about 1 minute (restores the backup), because "


def seen(found: Situation) -> Surroundings:
    """Nobody is asked for a volume, so there is no engine."""
    return Surroundings(found, None, None, "2.26.1", (), datetime(2026, 11, 22, tzinfo=timezone.utc))


def upgrade(release: Path) -> Situation:
    """An upgrade of a database whose files are inside its container."""
    found = situation(release, "move")
    containers = (a_container("db", state="exited"),)
    installation = Installation(Compose(found.plan.release, ()), found.model, containers, "2.1.1")
    return replace(found, installation=installation, plan=replace(found.plan, state=()))


def test_copied_data_needs_no_further_copy(tmp_path: Path) -> None:
    copied = replace(upgrade(tmp_path), plan=situation(tmp_path, "copy").plan)
    chosen = choose_snapshot(seen(copied), "always")
    assert chosen == replace(
        copied, way_back=("Rollback would take seconds: the old database's files stay as they are",)
    )


@pytest.mark.parametrize(
    ("choice", "reason"), [("auto", INSIDE), ("never", "no copy of its files was requested")]
)
def test_without_a_copy_the_backup_is_the_way_back_and_it_is_said_why(
    tmp_path: Path, choice, reason: str
) -> None:
    found = upgrade(tmp_path)
    assert choose_snapshot(seen(found), choice) == replace(found, way_back=(BY_BACKUP + reason,))


def test_a_copy_that_must_be_and_cannot_be_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        choose_snapshot(seen(upgrade(tmp_path)), "always")
    assert (refused.value.happened, refused.value.details) == (
        "The database's files cannot be copied.",
        (INSIDE,),
    )


def test_a_fresh_installation_has_no_way_back_to_choose(tmp_path: Path) -> None:
    fresh = situation(tmp_path, "copy", previous=None)
    assert choose_snapshot(seen(fresh), "always") == fresh


def test_loading_takes_minutes_by_the_size_of_the_data() -> None:
    assert (minutes_to_load(1), minutes_to_load(3600 * 1024**2)) == (1, 10)
