"""Where the files of a new major version go, and what of the plan changes with them."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.operations.conversion.conversion_place import placed
from installer.operations.conversion.plan_conversions import is_newer
from installer.operations.plan.import_plan import CarriedState, ImportPlan, PlannedDatabase, Snapshot
from installer.operations.plan.planned_conversion import Conversion
from installer.system.compose.compose import Mount
from tests.operations.decisions.test_shared_data import OLD, situation

PLANNED = Conversion("PostgreSQL", "15", "17", None, None, ".", 1)
DATA = "/var/lib/postgresql/data"
BEFORE = Mount("volume", "vault_old", DATA, False)
DIFFERENCE = "The release brings PostgreSQL 17 instead of 15, which cannot open the old files."


def plan_of(release: Path) -> ImportPlan:
    return situation(release, "copy").plan


def planned(plan: ImportPlan, new: Mount, old: Mount | None = BEFORE) -> ImportPlan:
    return placed(plan, "db", old, new, PLANNED, None)


def reasons(plan: ImportPlan, new: Mount) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        planned(plan, new)
    assert refused.value.happened == "The files of the new database server have no place."
    return refused.value.details


def folder(path: Path) -> Mount:
    return Mount("bind", str(path), DATA, False)


def test_a_folder_of_the_release_gets_the_new_files_instead_of_a_copy(tmp_path: Path) -> None:
    plan, data = plan_of(tmp_path), tmp_path / "data"
    assert planned(plan, folder(data)) == replace(
        plan,
        state=plan.state[1:],
        created_paths=(data,),
        databases=(PlannedDatabase("db", conversion=replace(PLANNED, folder=data)),),
    )


def test_an_empty_folder_of_the_release_is_emptied_again_by_an_undo(tmp_path: Path) -> None:
    plan, data = plan_of(tmp_path), tmp_path / "data"
    data.mkdir()
    changed = planned(plan, folder(data))
    assert (changed.created_paths, changed.emptied_paths) == ((), (data,))
    assert changed.keeps_old_files(changed.databases[0])


def test_a_volume_that_the_import_creates_gets_the_new_files(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    new = Mount("volume", "vault_new", DATA, False)
    database = PlannedDatabase("db", conversion=replace(PLANNED, volume="vault_new"))
    assert planned(plan, new) == replace(plan, databases=(database,))


def test_in_one_place_the_old_files_are_kept_beside_the_new_ones(tmp_path: Path) -> None:
    plan, live = plan_of(tmp_path / "release"), tmp_path / "shared"
    live.mkdir()
    (live / "PG_VERSION").write_text("15\n")
    holder = tmp_path / ".shared.airlock_20261122_000000"
    conversion = replace(PLANNED, folder=holder / "converted")
    changed = planned(plan, folder(live), old=folder(live))
    assert changed.databases == (PlannedDatabase("db", Snapshot(live, holder, None), (), conversion),)
    assert (changed.copied_files, changed.keeps_files(changed.databases[0])) == ((), True)


def test_a_place_that_holds_something_or_is_another_one_is_refused(tmp_path: Path) -> None:
    plan, full = plan_of(tmp_path / "release"), tmp_path / "release/full"
    full.mkdir(parents=True)
    (full / "file").touch()
    inside = CarriedState(OLD.directory / "all", tmp_path / "release/all", (), is_copied=True)
    plan = replace(plan, state=(*plan.state, inside))
    outside = tmp_path / "elsewhere"
    assert [
        reasons(plan, Mount("volume", "vault_files", DATA, False)),
        reasons(plan, folder(outside)),
        reasons(plan, folder(full)),
        reasons(plan, folder(tmp_path / "release/all/db")),
    ] == [
        (DIFFERENCE, "Volume vault_files exists already."),
        (DIFFERENCE, f"Folder {outside} is outside of the release directory."),
        (DIFFERENCE, f"Folder {full} is not empty."),
        (DIFFERENCE, f"Folder {tmp_path}/release/all/db is inside of one that is carried over."),
    ]


def test_old_files_that_cannot_be_kept_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        planned(plan_of(tmp_path), folder(tmp_path / "none"), old=folder(tmp_path / "none"))
    assert refused.value.happened == (
        "The old database's files cannot be kept, so a rollback would not be possible."
    )


@pytest.mark.parametrize(
    ("before", "after", "newer"),
    [
        ((15,), (17,), True),
        ((17,), (17,), False),
        ((17,), (15,), False),
        ((9, 6), (17,), True),
        ((15,), (), False),
    ],
)
def test_only_a_newer_series_is_converted(
    before: tuple[int, ...], after: tuple[int, ...], newer: bool
) -> None:
    assert is_newer(before, after) is newer
