"""Copies that are made in several passes, while others write and afterwards."""

import errno
import os
import random
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.errors import Failed
from installer.system.files.files import size_of_tree
from installer.system.mirror.ahead import complete_copy, copy_ahead, discard_copy
from tests.system.mirror.trees import change, everything_of, grow

Pass = Callable[[Path, Path, Callable[[int], None]], None]
FEW, MANY = 25, 200


@pytest.mark.parametrize(
    "seed", [*range(FEW), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(FEW, MANY))]
)
def test_after_random_changes_between_the_passes_the_copy_equals_its_source(
    tmp_path: Path, seed: int
) -> None:
    choose, source, copy = random.Random(seed), tmp_path / "source", tmp_path / "copy"
    source.mkdir()
    grow(choose, source)
    for _pass in range(choose.randrange(1, 4)):
        copy_ahead(source, copy)
        for _change in range(choose.randrange(8)):
            change(choose, source)
    complete_copy(source, copy)
    assert everything_of(copy) == everything_of(source)


@pytest.mark.parametrize("seed", range(5))
def test_what_changes_during_a_pass_is_right_after_the_next_one(tmp_path: Path, seed: int) -> None:
    choose, source, copy = random.Random(seed), tmp_path / "source", tmp_path / "copy"
    source.mkdir()
    grow(choose, source, 60)
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            change(choose, source)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _pass in range(4):
            copy_ahead(source, copy)
    finally:
        ended.set()
        writer.join()
    complete_copy(source, copy)
    assert everything_of(copy) == everything_of(source)


def bytes_of(pass_: Pass, source: Path, target: Path) -> int:
    """Makes a pass; returns the bytes that it compared or copied."""
    told: list[int] = []
    pass_(source, target, told.append)
    return sum(told)


def old_file(path: Path, content: bytes) -> Path:
    """Makes a file, and lets the time pass in which its look would not be sure."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    old_file(tmp_path / "source" / "a", bytes(range(256)) * 100)
    time.sleep(3.1)
    assert bytes_of(copy_ahead, tmp_path / "source", tmp_path / "copy") == 25_600
    assert bytes_of(complete_copy, tmp_path / "source", tmp_path / "copy") == 0


def test_a_file_that_was_changed_a_moment_before_it_was_copied_is_compared(tmp_path: Path) -> None:
    old_file(tmp_path / "source" / "a", bytes(range(256)) * 100)
    assert bytes_of(copy_ahead, tmp_path / "source", tmp_path / "copy") == 25_600
    assert bytes_of(complete_copy, tmp_path / "source", tmp_path / "copy") == 25_600


def test_a_sparse_file_stays_sparse_however_often_it_is_brought(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with (tmp_path / "source" / "disk").open("wb") as file:
        file.truncate(1 << 40)
        file.seek(1 << 39)
        file.write(b"data")
    for pass_ in (copy_ahead, copy_ahead, complete_copy):
        pass_(tmp_path / "source", tmp_path / "copy")
    assert (tmp_path / "copy" / "disk").stat().st_size == 1 << 40
    assert size_of_tree(tmp_path / "copy") == size_of_tree(tmp_path / "source")


def test_a_single_file_is_brought_as_a_folder_is(tmp_path: Path) -> None:
    source = old_file(tmp_path / "a.conf", b"one")
    copy_ahead(source, tmp_path / "copy")
    source.write_bytes(b"three")
    complete_copy(source, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"three"


def test_a_pass_that_was_killed_is_made_good_by_the_next_one(tmp_path: Path) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    for name in ("a", "b", "c"):
        old_file(source / name, name.encode() * 5000)
    copy_ahead(source, copy)
    (source / "b").write_bytes(b"B" * 5000)
    (source / "c").write_bytes(b"C" * 5000)

    def stop(size_bytes: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        complete_copy(source, copy, stop)
    complete_copy(source, copy)
    assert everything_of(copy) == everything_of(source)


def test_a_file_that_is_written_to_after_the_stop_is_an_error(tmp_path: Path) -> None:
    log = old_file(tmp_path / "source" / "app.log", b"one\n")

    def write(size_bytes: int) -> None:
        with log.open("ab") as file:
            file.write(b"two\n")

    with pytest.raises(Failed) as failed:
        complete_copy(tmp_path / "source", tmp_path / "copy", write)
    assert failed.value.happened == f"{log} changed while it was copied, though the services are stopped."


def test_a_socket_and_a_file_of_another_user_are_carried_as_they_are(tmp_path: Path) -> None:
    old_file(tmp_path / "source" / "theirs", b"x")
    os.chown(tmp_path / "source" / "theirs", 999, 998)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "source" / "s"))
    complete_copy(tmp_path / "source", tmp_path / "copy")
    assert everything_of(tmp_path / "copy") == everything_of(tmp_path / "source")


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    old_file(tmp_path / "source" / "a", b"x")

    def fill(size_bytes: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(Failed) as failed:
        copy_ahead(tmp_path / "source", tmp_path / "copy", fill)
    assert failed.value.happened == f"The disk of {tmp_path} is full."


def test_a_copy_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    old_file(tmp_path / "source" / "a", b"x")
    copy_ahead(tmp_path / "source", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    discard_copy(tmp_path / "copy")
    discard_copy(tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_complete_copy_has_its_name_and_nothing_beside_it(tmp_path: Path) -> None:
    old_file(tmp_path / "source" / "a", b"x")
    copy_ahead(tmp_path / "source", tmp_path / "copy")
    complete_copy(tmp_path / "source", tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "source"]
