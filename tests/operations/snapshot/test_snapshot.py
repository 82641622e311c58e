"""A copy of database files, and the swap that puts it back, cut off at every point."""

from pathlib import Path

import pytest

from installer.errors import Stuck
from installer.operations.plan.import_plan import Snapshot
from installer.operations.preflight.database.disk import Need
from installer.operations.snapshot.snapshot import (
    COPY,
    DISCARDED,
    copy_of,
    is_as_before,
    is_kept,
    is_put_back,
    put_back,
    put_new_in_place,
    take_snapshot,
)
from installer.operations.snapshot.snapshot_choice import room_for_copy
from installer.operations.snapshot.snapshot_place import Impossible
from installer.screen.console import size
from installer.system.docker.docker import Engine
from installer.system.files.files import partial_name
from installer.system.files.reserve import RESERVE_BYTES

MIB = 1024**2


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    """Files of a stopped server in a folder that both releases use."""
    live = tmp_path / "srv" / "mysql"
    (live / "vault").mkdir(parents=True)
    (live / "ibdata1").write_bytes(b"as before")
    return Snapshot(live, live.with_name(".mysql.airlock"), None)


def taken(snapshot: Snapshot) -> Snapshot:
    take_snapshot(snapshot, Engine(lambda: None), "vault")  # a folder needs no engine
    return snapshot


def used(snapshot: Snapshot) -> Snapshot:
    """What the new release did to the files."""
    (snapshot.live / "ibdata1").write_bytes(b"of a newer server")
    return snapshot


def expect_as_before(snapshot: Snapshot) -> None:
    assert (snapshot.live / "ibdata1").read_bytes() == b"as before"
    assert (snapshot.live / "vault").is_dir()
    assert (snapshot.holder / DISCARDED / "ibdata1").read_bytes() == b"of a newer server"
    assert not (snapshot.holder / COPY).exists()
    assert is_kept(snapshot) and is_put_back(snapshot)


def test_the_files_come_back_and_what_the_new_release_made_of_them_is_set_aside(snapshot: Snapshot) -> None:
    used(taken(snapshot))
    assert is_kept(snapshot) and not is_put_back(snapshot)
    put_back(snapshot)
    put_back(snapshot)
    expect_as_before(snapshot)


def test_an_attempt_after_one_that_was_undone_has_a_copy_of_its_own(snapshot: Snapshot) -> None:
    put_back(used(taken(snapshot)))
    taken(snapshot)
    assert copy_of(snapshot).is_dir() and not is_put_back(snapshot)
    put_back(used(snapshot))
    expect_as_before(snapshot)


def test_files_that_nobody_wrote_to_are_as_before_and_those_of_a_swap_are_not(snapshot: Snapshot) -> None:
    assert is_as_before(taken(snapshot))
    snapshot.live.rename(snapshot.holder / DISCARDED)
    assert not is_as_before(snapshot)
    (snapshot.holder / DISCARDED).rename(snapshot.live)
    assert not is_as_before(used(snapshot))


def test_a_swap_cut_off_between_its_two_renames_is_finished(snapshot: Snapshot) -> None:
    used(taken(snapshot))
    snapshot.live.rename(snapshot.holder / DISCARDED)
    assert is_kept(snapshot) and not is_put_back(snapshot)
    put_back(snapshot)
    expect_as_before(snapshot)


def test_an_empty_folder_that_appeared_meanwhile_is_not_in_the_way(snapshot: Snapshot) -> None:
    used(taken(snapshot))
    snapshot.live.rename(snapshot.holder / DISCARDED)
    snapshot.live.mkdir()
    put_back(snapshot)
    expect_as_before(snapshot)


def test_files_that_appeared_meanwhile_are_never_overwritten(snapshot: Snapshot) -> None:
    used(taken(snapshot))
    snapshot.live.rename(snapshot.holder / DISCARDED)
    snapshot.live.mkdir()
    (snapshot.live / "ibdata1").write_bytes(b"of a server that somebody started")
    with pytest.raises(Stuck):
        put_back(snapshot)
    assert (snapshot.live / "ibdata1").read_bytes() == b"of a server that somebody started"
    assert (snapshot.holder / COPY / "ibdata1").read_bytes() == b"as before"


def test_a_copy_that_was_cut_off_is_no_way_back_and_leaves_the_files_alone(snapshot: Snapshot) -> None:
    half = partial_name(snapshot.holder / COPY)
    half.mkdir(parents=True)
    (half / "ibdata1").write_bytes(b"as b")
    assert not is_kept(snapshot)
    put_back(snapshot)
    assert (snapshot.live / "ibdata1").read_bytes() == b"as before"
    taken(snapshot)
    assert ((snapshot.holder / COPY / "ibdata1").read_bytes(), half.exists()) == (b"as before", False)


def test_a_copy_needs_room_beside_everything_else_and_the_reserve() -> None:
    needs = [Need(Path("/"), "backup", 100 * MIB)]
    assert room_for_copy(300 * MIB, 400 * MIB + RESERVE_BYTES, needs) is None
    assert room_for_copy(300 * MIB, 400 * MIB + RESERVE_BYTES - 1, needs) == Impossible(
        f"a copy of its files does not fit: {size(656 * MIB)} needed, {size(656 * MIB - 1)} free"
    )


@pytest.fixture
def converted(snapshot: Snapshot) -> Path:
    """What a new server made beside the old files."""
    new = snapshot.holder / "converted"
    (new / "vault").mkdir(parents=True)
    (new / "ibdata1").write_bytes(b"of a newer server")
    return new


def test_new_files_take_the_place_of_the_old_ones_and_the_way_back_is_the_same(
    snapshot: Snapshot, converted: Path
) -> None:
    put_new_in_place(snapshot, converted)
    put_new_in_place(snapshot, converted)
    assert (snapshot.live / "ibdata1").read_bytes() == b"of a newer server"
    assert is_kept(snapshot) and not is_put_back(snapshot)
    put_back(snapshot)
    expect_as_before(snapshot)


def test_new_files_take_the_place_again_after_a_crash_between_the_renames_and_after_an_undo(
    snapshot: Snapshot, converted: Path
) -> None:
    snapshot.live.rename(snapshot.holder / COPY)
    put_new_in_place(snapshot, converted)
    put_back(snapshot)
    expect_as_before(snapshot)
    converted.mkdir()
    (converted / "ibdata1").write_bytes(b"of a newer server")
    put_new_in_place(snapshot, converted)
    put_back(snapshot)
    expect_as_before(snapshot)


def test_a_crash_between_the_renames_is_put_back(snapshot: Snapshot, converted: Path) -> None:
    snapshot.live.rename(snapshot.holder / COPY)
    put_back(snapshot)
    put_back(snapshot)
    assert (snapshot.live / "ibdata1").read_bytes() == b"as before"
    assert converted.is_dir()
