"""Looking at folders in which somebody works."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.operations.preflight.files.links import links_below
from installer.operations.snapshot.snapshot_place import _all_readable
from installer.operations.way_back.changes_since import files_since
from installer.system.files.files import size_of_tree
from installer.system.files.live_tree import (
    holds_something,
    is_empty_folder,
    paths_below,
    paths_in,
    status_of,
)

LOOKS = 300


@contextmanager
def busy(folder: Path) -> Iterator[None]:
    """Somebody makes and removes files and folders all the time."""
    ended = threading.Event()

    def work() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            inner = folder / f"folder {number % 7}" / "inner"
            inner.mkdir(parents=True, exist_ok=True)
            for name in ("a", "b"):
                (inner / name).write_bytes(b"x")
            (folder / f"file {number}").write_bytes(b"x")
            for name in ("a", "b"):
                (inner / name).unlink()
            inner.rmdir()
            inner.parent.rmdir()
            (folder / f"file {number}").unlink()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join()


def _expect(fact: bool) -> None:
    assert fact


@pytest.mark.parametrize(
    "look",
    [
        size_of_tree,
        lambda folder: files_since(folder, 0),
        lambda folder: links_below([folder]),
        lambda folder: _expect(_all_readable(paths_in(folder))),
        lambda folder: holds_something(folder / "folder 1"),
        lambda folder: is_empty_folder(folder / "folder 1"),
    ],
    ids=["size", "files since", "links", "readable", "holds something", "is empty"],
)
def test_files_that_come_and_go_are_no_obstacle(tmp_path: Path, look: Callable[[Path], object]) -> None:
    with busy(tmp_path):
        for _number in range(LOOKS):
            look(tmp_path)


def test_everything_below_a_folder_is_found_and_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").touch()
    (tmp_path / "a" / "link").symlink_to(tmp_path)
    names = ("a", "a/b", "a/b/file", "a/link")
    assert sorted(paths_below(tmp_path)) == [tmp_path / name for name in names]
    assert list(paths_below(tmp_path / "gone")) == []


def test_a_folder_that_is_gone_is_neither_empty_nor_does_it_hold_something(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert [is_empty_folder(tmp_path / name) for name in ("empty", "gone")] == [True, False]
    assert [holds_something(tmp_path / name) for name in ("empty", "gone", "")] == [False, False, True]
    assert status_of(tmp_path / "gone") is None
