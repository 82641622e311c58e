import os
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.errors import Stuck
from installer.operations.carry.carry_state import carry_back, carry_state
from installer.operations.plan.import_plan import CarriedState, ImportPlan, PlannedDatabase, StateMode


def plan_for(folder: Path, mode: StateMode) -> ImportPlan:
    old, new = folder / "customer-vault", folder / "customer_vault_2.1.2_package"
    new.mkdir()
    return ImportPlan(
        started_at=datetime(2026, 11, 22, 2, 3, 4, tzinfo=timezone.utc),
        release=new,
        version="2.1.2",
        project="customer-vault",
        previous=None,
        settings=(),
        state_mode=mode,
        state=(
            CarriedState(
                old / "data" / "mariadb",
                new / "data" / "mariadb",
                databases=("db",),
                is_copied=mode == "copy",
            ),
            CarriedState(old / "uploads", new / "uploads", databases=(), is_copied=mode == "copy"),
        ),
        created_paths=(new / "data",),
        created_volumes=(),
        emptied_paths=(),
        references_before=(),
        databases=(PlannedDatabase("db"),),
    )


def make_state(folder: Path) -> None:
    """Files of every kind a site may have: owners, modes, links, holes, extended attributes."""
    database = folder / "customer-vault" / "data" / "mariadb"
    uploads = folder / "customer-vault" / "uploads"
    database.mkdir(parents=True, mode=0o750)
    uploads.mkdir()
    (database / "ibdata1").write_bytes(b"rows")
    os.chown(database / "ibdata1", 999, 999)
    os.utime(database / "ibdata1", ns=(1_000_000_007, 1_000_000_009))
    (uploads / "보고서 $(touch x).pdf").write_bytes(b"%PDF")
    (uploads / "latest").symlink_to("보고서 $(touch x).pdf")
    (uploads / "same").hardlink_to(uploads / "보고서 $(touch x).pdf")
    os.setxattr(uploads / "same", "user.origin", b"scanner")
    with (uploads / "sparse").open("wb") as file:
        file.truncate(50_000_000)


def description_of(folder: Path) -> list[tuple[object, ...]]:
    described = []
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        attributes = [] if path.is_symlink() else sorted(os.listxattr(path))
        times = () if path.is_dir() else (status.st_mtime_ns,)
        owner = (status.st_mode, status.st_uid, status.st_gid, status.st_nlink)
        described.append((path.relative_to(folder), *owner, *times, content, attributes))
    return described


@pytest.mark.parametrize("mode", ["copy", "move"])
def test_everything_arrives_as_it_was(tmp_path: Path, mode: StateMode) -> None:
    make_state(tmp_path)
    before = description_of(tmp_path / "customer-vault")
    plan = plan_for(tmp_path, mode)
    carry_state(plan)
    assert description_of(plan.release) == before


def test_a_copied_hole_takes_no_room(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan = plan_for(tmp_path, "copy")
    carry_state(plan)
    assert (plan.release / "uploads" / "sparse").stat().st_blocks == 0


@pytest.mark.parametrize("mode", ["copy", "move"])
def test_carrying_back_leaves_both_directories_as_they_were(tmp_path: Path, mode: StateMode) -> None:
    make_state(tmp_path)
    before = description_of(tmp_path / "customer-vault")
    plan = plan_for(tmp_path, mode)
    carry_state(plan)
    carry_back(plan)
    carry_back(plan)
    assert description_of(tmp_path / "customer-vault") == before
    assert list(plan.release.iterdir()) == []


@pytest.mark.parametrize("mode", ["copy", "move"])
@pytest.mark.parametrize("carried", [0, 1])
def test_carrying_back_works_from_every_point_where_it_was_cut_off(
    tmp_path: Path, mode: StateMode, carried: int
) -> None:
    make_state(tmp_path)
    before = description_of(tmp_path / "customer-vault")
    plan = plan_for(tmp_path, mode)
    carry_state(replace(plan, state=plan.state[:carried]))
    half = plan.release / ".uploads.airlock-partial"
    if mode == "copy":
        half.mkdir()
        (half / "half").write_bytes(b"ha")
    carry_back(plan)
    assert description_of(tmp_path / "customer-vault") == before
    assert list(plan.release.iterdir()) == []


def test_moved_data_is_never_lost_to_something_in_its_old_place(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan = plan_for(tmp_path, "move")
    carry_state(plan)
    (tmp_path / "customer-vault" / "uploads").mkdir()
    with pytest.raises(Stuck):
        carry_back(plan)
    assert (plan.release / "uploads" / "latest").read_bytes() == b"%PDF"


def test_a_folder_with_something_in_it_is_not_overwritten(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan = plan_for(tmp_path, "copy")
    (plan.release / "uploads").mkdir()
    (plan.release / "uploads" / "theirs").write_bytes(b"keep")
    with pytest.raises(OSError, match="not empty"):
        carry_state(plan)
    assert (plan.release / "uploads" / "theirs").read_bytes() == b"keep"


def test_a_copy_is_never_removed_when_it_is_the_only_one_left(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan = plan_for(tmp_path, "copy")
    carry_state(plan)
    (tmp_path / "customer-vault").rename(tmp_path / "elsewhere")
    before = description_of(plan.release)
    with pytest.raises(Stuck):
        carry_back(plan)
    assert description_of(plan.release) == before


def test_what_a_release_in_use_wrote_is_set_aside(tmp_path: Path) -> None:
    make_state(tmp_path)
    before = description_of(tmp_path / "customer-vault")
    plan = plan_for(tmp_path, "copy")
    carry_state(plan)
    (plan.release / "uploads" / "of today").write_bytes(b"new")
    discarded = plan.release / ".airlock" / "runs" / "x" / "discarded"
    carry_back(plan, kept_in=discarded)
    assert (discarded / "uploads" / "of today").read_bytes() == b"new"
    assert (discarded / "data" / "mariadb" / "ibdata1").read_bytes() == b"rows"
    assert [path.name for path in plan.release.iterdir()] == [".airlock"]
    assert description_of(tmp_path / "customer-vault") == before


def test_an_empty_folder_in_the_new_place_does_not_pass_for_moved_data(tmp_path: Path) -> None:
    make_state(tmp_path)
    before = description_of(tmp_path / "customer-vault")
    plan = plan_for(tmp_path, "move")
    (plan.release / "uploads").mkdir()
    carry_back(plan)
    assert description_of(tmp_path / "customer-vault") == before


def test_folders_that_stood_there_empty_are_emptied_again(tmp_path: Path) -> None:
    plan = replace(plan_for(tmp_path, "copy"), state=(), emptied_paths=(tmp_path / "made by hand",))
    (tmp_path / "made by hand").mkdir()
    (tmp_path / "made by hand" / "ibdata1").write_bytes(b"half")
    carry_back(plan)
    assert list((tmp_path / "made by hand").iterdir()) == []


def test_the_databases_folder_alone_is_copied_while_everything_else_is_moved(tmp_path: Path) -> None:
    make_state(tmp_path)
    old = tmp_path / "customer-vault"
    before = description_of(old)
    plan = plan_for(tmp_path, "move")
    database, uploads = plan.state
    plan = replace(plan, state=(replace(database, is_copied=True), uploads))
    carry_state(plan)
    assert description_of(plan.release) == before
    assert ((old / "data" / "mariadb" / "ibdata1").read_bytes(), (old / "uploads").exists()) == (
        b"rows",
        False,
    )
    (plan.release / "data" / "mariadb" / "ibdata1").write_bytes(b"of a newer server")
    carry_back(plan)
    carry_back(plan)
    assert description_of(old) == before
    assert list(plan.release.iterdir()) == []


def test_what_is_set_aside_is_never_merged_through_a_link_that_was_set_aside_before(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan = plan_for(tmp_path, "copy")
    carry_state(plan)
    discarded, outside = plan.release / ".airlock" / "runs" / "x" / "discarded", tmp_path / "outside"
    discarded.mkdir(parents=True)
    outside.mkdir()
    for name in ("uploads", "data"):
        (discarded / name).symlink_to(outside)
    carry_back(plan, kept_in=discarded)
    assert list(outside.iterdir()) == []
    assert (discarded / "uploads~" / "latest").read_bytes() == b"%PDF"
    assert (discarded / "data~" / "mariadb" / "ibdata1").read_bytes() == b"rows"


def test_a_link_in_the_place_of_carried_data_is_set_aside_and_not_what_it_leads_to(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan, outside = plan_for(tmp_path, "copy"), tmp_path / "bigger disk"
    carry_state(plan)
    (plan.release / "data").rename(outside)
    (plan.release / "data").symlink_to(outside)
    discarded = plan.release / ".airlock" / "runs" / "x" / "discarded"
    carry_back(plan, kept_in=discarded)
    assert (outside / "mariadb" / "ibdata1").read_bytes() == b"rows"
    assert (discarded / "data").readlink() == outside


def test_a_folder_that_became_a_link_is_not_emptied(tmp_path: Path) -> None:
    plan = replace(plan_for(tmp_path, "copy"), state=())
    plan = replace(plan, emptied_paths=(plan.release / "cache",))
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "theirs").write_bytes(b"keep")
    (plan.release / "cache").symlink_to(tmp_path / "outside")
    carry_back(plan)
    assert (tmp_path / "outside" / "theirs").read_bytes() == b"keep"


def test_moved_data_comes_back_also_from_behind_a_link(tmp_path: Path) -> None:
    make_state(tmp_path)
    plan = plan_for(tmp_path, "move")
    carry_state(plan)
    (plan.release / "uploads").rename(tmp_path / "bigger disk")
    (plan.release / "uploads").symlink_to(tmp_path / "bigger disk" / "not mounted")
    carry_back(plan)
    link = tmp_path / "customer-vault" / "uploads"
    assert link.readlink() == tmp_path / "bigger disk" / "not mounted"
