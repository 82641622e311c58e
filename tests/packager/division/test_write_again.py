"""A full disk or an interruption leaves all of the files or nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer.errors import Refused
from packager.division import write_again
from packager.division.split import split
from tests.packager.delta_packages import QUIET
from tests.packager.division.divided import NAME, PART_BYTES, SUMS, check, names, part, refused_join

INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from installer.system.process.signals import interrupt_on_signals
from packager.division.join import join
from packager.division.split import split
from tests.packager.delta_packages import QUIET

interrupt_on_signals()
verb, place, output, left = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])

def count(event, arguments):
    global left
    if event in ("open", "os.rename", "os.mkdir", "os.chmod", "os.remove") and str(output) in str(arguments):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGINT)

sys.addaudithook(count)
if verb == "split":
    split(place, 30_000, output, QUIET)
else:
    join([place], output, QUIET)
sys.exit(left > 0)
"""


def test_too_small_a_disk_is_refused_before_anything_is_written(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size_bytes = package.stat().st_size
    monkeypatch.setattr(write_again, "free_bytes", lambda _path: size_bytes - 1)
    with pytest.raises(Refused, match="not enough space"):
        split(package, PART_BYTES, tmp_path / "out", QUIET)
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr(write_again, "free_bytes", lambda _path: size_bytes)
    split(package, PART_BYTES, tmp_path / "out", QUIET)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small filesystem, which only root may")
@pytest.mark.parametrize("limit", ["size=32k", "size=400m,nr_inodes=4"])
def test_a_full_disk_leaves_nothing(
    package: Path, parts: Path, tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills up after it was checked."""
    monkeypatch.setattr(write_again, "free_bytes", lambda _path: 1 << 40)
    (tmp_path / "disk").mkdir()
    subprocess.run(("mount", "-t", "tmpfs", "-o", limit, "tmpfs", tmp_path / "disk"), check=True)
    try:
        with pytest.raises(Refused, match="is full"):
            split(package, PART_BYTES, tmp_path / "disk", QUIET)
        if "nr_inodes" not in limit:
            assert "is full" in refused_join([part(parts, 1)], tmp_path / "disk").happened
        assert names(tmp_path / "disk") == []
    finally:
        subprocess.run(("umount", tmp_path / "disk"), check=True)


@pytest.mark.parametrize("verb", ["split", "join"])
@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 10, 12, 14, 16])
def test_an_interruption_leaves_all_or_nothing(
    package: Path, parts: Path, tmp_path: Path, verb: str, step: int
) -> None:
    place, output = package if verb == "split" else part(parts, 1), tmp_path / "out"
    words = (sys.executable, "-c", INTERRUPTED, verb, place, output, str(step))
    subprocess.run(tuple(map(str, words)), capture_output=True)
    whole = names(parts) if verb == "split" else [NAME, SUMS]
    assert names(output) in ([], whole)
    if names(output):
        check(output)
