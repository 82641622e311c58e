import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.system.files.files import (
    copy_tree,
    copy_whole,
    existing_part,
    filesystem_of,
    free_bytes,
    fsync_folder,
    partial_name,
    size_of_tree,
    write_atomically,
)
from installer.system.files.plain_copy import copy_plainly
from installer.system.files.shared_blocks import shares_blocks
from installer.system.process.process import ToolFailed
from tests.every_step import interrupted_at_every_step

Copy = Callable[[Path, Path], None]


def test_a_file_is_written_with_its_mode_and_nothing_beside_it(tmp_path) -> None:
    write_atomically(tmp_path / "a", b"new", mode=0o640)
    assert [
        (file.name, file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) for file in tmp_path.iterdir()
    ] == [("a", b"new", 0o640)]


def test_a_file_is_private_unless_said_otherwise(tmp_path) -> None:
    write_atomically(tmp_path / "a", b"")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_old_bytes_and_nothing_beside_them(tmp_path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path / "a", b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_write_is_all_or_nothing_wherever_it_is_interrupted(tmp_path) -> None:
    """Cut off just behind `open`, the file is closed by Python itself, which warns of that."""
    file = tmp_path / "a"
    file.write_bytes(b"old")
    seen = set()
    for _step in interrupted_at_every_step(lambda: write_atomically(file, b"new")):
        assert list(tmp_path.iterdir()) == [file]
        seen.add(file.read_bytes())
        file.write_bytes(b"old")
    assert seen == {b"old", b"new"}


def test_a_reader_of_the_old_file_keeps_the_old_bytes(tmp_path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with (tmp_path / "a").open("rb") as reader:
        write_atomically(tmp_path / "a", b"new")
        assert (reader.read(), (tmp_path / "a").read_bytes()) == (b"old", b"new")


def test_only_a_folder_can_be_made_durable(tmp_path) -> None:
    fsync_folder(tmp_path)
    (tmp_path / "a").touch()
    with pytest.raises(NotADirectoryError):
        fsync_folder(tmp_path / "a")


by_both = pytest.mark.parametrize("copy", [copy_tree, copy_plainly], ids=["cp", "Python"])


@by_both
def test_a_copied_tree_keeps_modes_times_links_and_holes(tmp_path: Path, copy: Copy) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    make_tree(source)
    copy(source, target)
    assert described(target) == described(source)
    assert size_of_tree(target) == size_of_tree(source)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@by_both
def test_a_copied_tree_keeps_owners_and_extended_attributes(tmp_path: Path, copy: Copy) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    make_tree(source)
    os.chown(source / "file", 999, 998)
    os.setxattr(source / "file", "user.note", b"kept")
    os.mkfifo(source / "fifo", 0o640)
    os.link(source / "file", source / "same file")
    copy(source, target)
    assert described(target) == described(source)
    assert os.getxattr(target / "file", "user.note") == b"kept"
    assert (target / "same file").samefile(target / "file")


@by_both
def test_a_single_file_is_copied_under_its_new_name(tmp_path: Path, copy: Copy) -> None:
    (tmp_path / "a").write_bytes(b"x")
    copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"x"


def test_a_name_that_looks_like_an_option_is_copied(tmp_path) -> None:
    (tmp_path / "--help").mkdir()
    copy_tree(tmp_path / "--help", tmp_path / "b c\nd")
    assert (tmp_path / "b c\nd").is_dir()


def test_a_server_with_busybox_copies_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin/cp"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho \"cp: unrecognized option '--reflink=auto'\" >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    make_tree(tmp_path / "source")
    copy_tree(tmp_path / "source", tmp_path / "target")
    assert described(tmp_path / "target") == described(tmp_path / "source")


def test_copying_what_is_not_there_says_so_in_the_words_of_cp(tmp_path) -> None:
    with pytest.raises(ToolFailed) as failed:
        copy_tree(tmp_path / "gone", tmp_path / "b")
    assert "No such file or directory" in failed.value.details[0]


def test_a_tree_is_as_large_as_its_blocks_with_hard_links_counted_once(tmp_path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 1_000_000)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(50_000_000)
    assert 1_000_000 <= size_of_tree(tmp_path) < 1_200_000


def test_room_is_told_also_for_a_place_that_is_not_there_yet(tmp_path) -> None:
    place = tmp_path / "a" / "b"
    assert existing_part(place) == tmp_path
    assert filesystem_of(place) == filesystem_of(tmp_path)
    assert free_bytes(place) > 0


def test_other_filesystems_have_other_numbers(tmp_path) -> None:
    assert filesystem_of(Path("/proc")) != filesystem_of(tmp_path)


def make_tree(root: Path) -> None:
    (root / "folder" / "empty").mkdir(parents=True, mode=0o750)
    (root / "file").write_bytes(b"content")
    (root / "file").chmod(0o604)
    (root / "again").hardlink_to(root / "file")
    (root / "link").symlink_to("file")
    (root / "dangling").symlink_to("/nowhere")
    with (root / "hole").open("wb") as file:
        file.truncate(10_000_000)
    os.utime(root / "file", (1_000_000_000, 1_100_000_000))
    os.utime(root / "folder", (1_000_000_000, 1_200_000_000))


def described(root: Path) -> dict[str, tuple[object, ...]]:
    places = {str(place.relative_to(root)): place for place in sorted(root.rglob("*"))}
    return {name: facts(place) for name, place in places.items()}


def facts(place: Path) -> tuple[object, ...]:
    status = place.lstat()
    content: object = None
    if place.is_symlink():
        content = place.readlink()
    elif place.is_file():
        content = place.read_bytes()
    when = status.st_mtime_ns if place.name in ("file", "folder") else 0
    return (status.st_mode, status.st_uid, status.st_gid, status.st_nlink, when, content)


def test_a_copy_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "file").write_bytes(b"all of it")
    partial_name(target).mkdir()
    (partial_name(target) / "left over").write_bytes(b"half")
    copy_whole(source, target)
    assert [path.name for path in target.iterdir()] == ["file"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


def test_a_filesystem_without_shared_blocks_needs_room_for_a_copy(tmp_path: Path) -> None:
    """The ones of this machine have none; the probe leaves nothing behind."""
    assert not shares_blocks(tmp_path, Path("/proc/self"))
    assert shares_blocks(tmp_path, tmp_path / "new") == clones(tmp_path)
    assert list(tmp_path.iterdir()) == []


def clones(folder: Path) -> bool:
    """What `cp` itself says."""
    (folder / "one").write_bytes(b"1" * 65536)
    words = ("cp", "--reflink=always", folder / "one", folder / "other")
    code = subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode
    for name in ("one", "other"):
        (folder / name).unlink(missing_ok=True)
    return code == 0
