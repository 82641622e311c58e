"""Looking at folders in which somebody works."""

import os
import subprocess
import sys
import tempfile
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
    folders_in,
    is_empty_folder,
    is_removable_folder,
    may_hold_something,
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
        lambda folder: may_hold_something(folder / "folder 1"),
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
    assert [may_hold_something(tmp_path / name) for name in ("empty", "gone", "")] == [False, False, True]
    assert status_of(tmp_path / "gone") is None


def test_a_folder_is_as_good_as_empty_when_it_holds_only_what_may_be_in_it(tmp_path: Path) -> None:
    (tmp_path / ".gitkeep").touch()
    assert (is_empty_folder(tmp_path), is_empty_folder(tmp_path, but_for=(".gitkeep",))) == (False, True)
    (tmp_path / "data").touch()
    assert not is_empty_folder(tmp_path, but_for=(".gitkeep",))


def test_only_an_empty_folder_itself_can_be_removed_without_a_loss(tmp_path: Path) -> None:
    for name in ("empty", "full/inside"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("empty")
    there = ("empty", "full", "file", "link", "gone")
    assert [name for name in there if is_removable_folder(tmp_path / name)] == ["empty"]


def test_folders_and_links_to_folders_are_found_sorted(tmp_path: Path) -> None:
    for name in ("b", "a", "b/inner"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "dangling").symlink_to("gone")
    assert folders_in(tmp_path) == (tmp_path / "a", tmp_path / "b", tmp_path / "link")
    assert folders_in(tmp_path / "gone") == ()


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """An empty folder of root in one that everybody can look into; pytest closes its own ones."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        closed = Path(folder, "closed")
        closed.mkdir(mode=0o700)
        yield closed


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_a_folder_that_is_closed_to_this_person_may_hold_data(closed_folder: Path) -> None:
    program = (
        "import os, sys, pathlib\n"
        "from installer.system.files.live_tree import folders_in, may_hold_something\n"
        "os.setgroups([]), os.setgid(65534), os.setuid(65534)\n"
        "place = pathlib.Path(sys.argv[1])\n"
        "print(may_hold_something(place), may_hold_something(place / 'inside'), folders_in(place))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    argv = (sys.executable, "-c", program, str(closed_folder))
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True True ()\n", "")
    assert not may_hold_something(closed_folder)
