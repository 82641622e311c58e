import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from installer.errors import AnotherRunActive, Refused
from installer.workflow.lock import lock_folder, site_lock

HOLD = """
import sys, time
from pathlib import Path
from installer.workflow.lock import site_lock
with site_lock("vault", "import", Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holder_in(folder: Path) -> "subprocess.Popen[bytes]":
    holder = subprocess.Popen((sys.executable, "-c", HOLD, str(folder)), stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    return holder


def test_a_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    holder = holder_in(tmp_path)
    with pytest.raises(AnotherRunActive) as refused, site_lock("vault", "rollback", tmp_path):
        pass
    holder.kill()
    holder.communicate()
    assert f"Process {holder.pid} has been running `import` since " in refused.value.details[0]


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    holder = holder_in(tmp_path)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with site_lock("vault", "import", tmp_path):
        pass


def test_a_lock_once_taken_by_root_can_be_taken_by_others(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with site_lock("vault", "import", tmp_path):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "airlock-vault.lock").stat().st_mode & 0o777 == 0o666
    with site_lock("vault", "import", tmp_path):
        pass


def test_a_link_in_the_locks_place_is_not_followed(tmp_path: Path) -> None:
    precious, path = tmp_path / "precious", tmp_path / "airlock-vault.lock"
    precious.write_text("precious")
    path.symlink_to(precious)
    with pytest.raises(Refused) as refused, site_lock("vault", "import", tmp_path):
        pass
    assert refused.value.happened == f"The lock {path} cannot be opened: Too many levels of symbolic links."
    assert precious.read_text() == "precious"


def test_everyone_looks_for_locks_where_everyone_may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/root")
    assert lock_folder().stat().st_mode & 0o777 == 0o777


def test_two_applications_do_not_hinder_each_other(tmp_path: Path) -> None:
    with site_lock("vault", "import", tmp_path), site_lock("shop", "import", tmp_path):
        pass


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (b"", "Process ? has been running `?` since ?."),
        (b"nonsense", "Process ? has been running `?` since ?."),
        (b"[1, 2]", "Process ? has been running `?` since ?."),
        (b"\xff\xfe\x00", "Process ? has been running `?` since ?."),
        (b'{"pid": 7, "message": "x"}', "Process 7 has been running `?` since ?."),
        (
            b'{"pid": 7, "activity": "\\u001b[2J", "since": []}',
            "Process 7 has been running `\\x1b[2J` since [].",
        ),
    ],
)
def test_nonsense_in_the_lock_does_not_hide_that_it_is_held(tmp_path: Path, words: bytes, told: str) -> None:
    with site_lock("vault", "import", tmp_path):
        (tmp_path / "airlock-vault.lock").write_bytes(words)
        with pytest.raises(AnotherRunActive) as refused, site_lock("vault", "rollback", tmp_path):
            pass
    assert refused.value.details == (told,)
