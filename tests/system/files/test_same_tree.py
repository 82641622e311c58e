import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.system.files.same_tree import is_same_tree


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path]:
    """A folder and its copy, as `cp --archive` makes it."""
    one = tmp_path / "one"
    (one / "a" / "b").mkdir(parents=True)
    (one / "a" / "b" / "file").write_bytes(b"content")
    (one / "link").symlink_to("a/b")
    os.utime(one / "a" / "b" / "file", ns=(1, 1_000_000_007))
    subprocess.run(("cp", "--archive", str(one), str(tmp_path / "other")), check=True)
    return one, tmp_path / "other"


def test_a_copy_is_the_same_tree(trees: tuple[Path, Path]) -> None:
    assert is_same_tree(*trees)


def remove_a_folder(tree: Path) -> None:
    shutil.rmtree(tree / "a" / "b")


def cut_a_file_short(tree: Path) -> None:
    os.truncate(tree / "a" / "b" / "file", 3)
    os.utime(tree / "a" / "b" / "file", ns=(1, 1_000_000_007))


def write_the_same_size_later(tree: Path) -> None:
    (tree / "a" / "b" / "file").write_bytes(b"CONTENT")


def add_a_file(tree: Path) -> None:
    (tree / "new").write_bytes(b"")


def put_a_file_in_place_of_a_link(tree: Path) -> None:
    (tree / "link").unlink()
    (tree / "link").write_bytes(b"a/b")


@pytest.mark.parametrize(
    "change",
    [
        remove_a_folder,
        cut_a_file_short,
        write_the_same_size_later,
        add_a_file,
        put_a_file_in_place_of_a_link,
    ],
)
def test_a_changed_copy_is_another_tree(trees: tuple[Path, Path], change: Callable[[Path], None]) -> None:
    one, other = trees
    change(other)
    assert not is_same_tree(one, other)
    assert not is_same_tree(other, one)
