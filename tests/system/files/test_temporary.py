import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from installer.system.files.temporary import name_beside, temporary_folder
from tests.every_step import interrupted_at_every_step


def test_a_folder_is_for_one_user_and_gone_afterwards(tmp_path: Path) -> None:
    with temporary_folder(tmp_path, ".work-") as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").touch()
        assert (folder.parent, folder.name[:6]) == (tmp_path, ".work-")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


def test_two_folders_never_meet(tmp_path: Path) -> None:
    with temporary_folder(tmp_path, "w-") as one, temporary_folder(tmp_path, "w-") as other:
        assert sorted(tmp_path.iterdir()) == sorted((one, other))


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), temporary_folder(tmp_path / "missing", "w-"):
        pass


def test_a_failure_in_the_body_is_told_and_the_folder_goes(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), temporary_folder(tmp_path, "w-"):
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


def test_wherever_it_is_interrupted_while_it_is_made_no_folder_stays(tmp_path: Path) -> None:
    def enter() -> None:
        with temporary_folder(tmp_path, "w-"):
            sys.settrace(None)

    left = [sorted(tmp_path.iterdir()) for _step in interrupted_at_every_step(enter)]
    assert (len(left) > 100, [one for one in left if one]) == (True, [])


@contextmanager
def impatience() -> Iterator[None]:
    """Somebody who presses Ctrl-C once more for each file that is removed."""

    def press(_frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and called in (os.unlink, os.rmdir):
            signal.raise_signal(signal.SIGINT)

    sys.setprofile(press)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_more_interruptions_do_not_stop_the_removal(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), impatience(), temporary_folder(tmp_path, "w-") as folder:
        for number in range(3):
            (folder / str(number)).touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_name_beside_a_file_is_hidden_and_never_the_same(tmp_path: Path) -> None:
    one, other = name_beside(tmp_path / "a.txt"), name_beside(tmp_path / "a.txt")
    assert (one.parent, one.name[:7], one == other) == (tmp_path, ".a.txt.", False)
