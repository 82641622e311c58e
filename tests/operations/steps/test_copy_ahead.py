"""What will be carried over is copied while the old release serves."""

import io
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.scratch_servers.disk_guard import DiskFilledUp
from installer.operations.carry.carry_state import carry_state
from installer.operations.plan.import_plan import ImportPlan, Previous
from installer.operations.services.change_context import Change
from installer.operations.steps.copy_ahead import copy_ahead
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.system.files.reserve import RESERVE_BYTES
from tests.operations.carry.test_carry_state import description_of, make_state, plan_for


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[ImportPlan]:
    make_state(tmp_path)
    previous = Previous(tmp_path / "customer-vault", (), None, "2.1.1", ("web",), ("web",), ())
    yield replace(plan_for(tmp_path, "copy"), previous=previous)


def step_of(plan: ImportPlan) -> Change:
    return Change(plan, Engine(lambda: None), Console(story=io.StringIO()), 60)  # its copies need no engine


def test_nothing_has_its_final_name_before_the_old_release_has_stopped(plan: ImportPlan) -> None:
    copy_ahead(step_of(plan)).do()
    assert sorted(path.name for path in plan.release.rglob("*.airlock-partial")) == [
        ".mariadb.airlock-partial",
        ".mariadb.seen.airlock-partial",
        ".uploads.airlock-partial",
        ".uploads.seen.airlock-partial",
    ]
    assert not (plan.release / "uploads").exists() and not (plan.release / "data" / "mariadb").exists()


def test_what_was_written_in_the_last_instant_arrives_with_all_that_was_copied_before(
    plan: ImportPlan, tmp_path: Path
) -> None:
    old = tmp_path / "customer-vault"
    copy_ahead(step_of(plan)).do()
    (old / "uploads" / "sparse").unlink()
    (old / "uploads" / "last").write_bytes(b"%PDF of the last instant")
    (old / "data" / "mariadb" / "ibdata1").write_bytes(b"ROWS")
    os.utime(old / "data" / "mariadb" / "ibdata1", ns=(1_000_000_007, 1_000_000_009))
    before = description_of(old)
    carry_state(plan)
    assert description_of(plan.release) == before


def test_a_copy_that_is_given_up_leaves_no_file_and_no_folder(plan: ImportPlan) -> None:
    copy_ahead(step_of(plan)).do()
    for _time in range(2):
        copy_ahead(step_of(plan)).undo()
        assert list(plan.release.iterdir()) == []


def test_without_a_running_release_nothing_is_copied_ahead(plan: ImportPlan) -> None:
    assert plan.previous is not None
    stopped = replace(plan, previous=replace(plan.previous, running_services=()))
    copy_ahead(step_of(stopped)).do()
    assert list(plan.release.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_the_copy_stops_before_the_disk_is_full_and_the_old_release_needs_it(plan: ImportPlan) -> None:
    limit = f"size={RESERVE_BYTES // 2}"
    subprocess.run(("mount", "-t", "tmpfs", "-o", limit, "tmpfs", plan.release), check=True)
    try:
        with pytest.raises(DiskFilledUp) as refused:
            copy_ahead(step_of(plan)).do()
        copy_ahead(step_of(plan)).undo()
        assert list(plan.release.iterdir()) == []
    finally:
        subprocess.run(("umount", plan.release), check=True)
    assert refused.value.details == ("Less than 256.0 MiB was free.",)
