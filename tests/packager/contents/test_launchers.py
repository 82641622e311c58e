"""The shell scripts that start the installer, run by real shells."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from packager.contents.render import launchers
from testbed.korean_locale import korean_locale

PRINT = "import os, sys; print(os.environ['AIRLOCK_RELEASE'], sys.flags.isolated, sys.argv[1:])\n"


def archive_of(program: str) -> bytes:
    """A zip archive that Python runs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("__main__.py", program)
    return file.getvalue()


PRINTER = archive_of(PRINT)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release directory with a difficult name, whose installer prints how it was started."""
    folder = tmp_path / "a b$(touch hacked)'"
    folder.mkdir()
    for name, content in launchers().items():
        (folder / name).write_bytes(content)
    (folder / "installer.pyz").write_bytes(PRINTER)
    return folder


def started(*words: str, cwd: Path, path: str = os.environ["PATH"]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, cwd=cwd, env={"PATH": path}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
@pytest.mark.parametrize(("script", "verb"), [("import-package.sh", ["import"]), ("airlock", [])])
def test_a_launcher_passes_everything_on(release: Path, shell: str, script: str, verb: list[str]) -> None:
    done = started(shell, str(release / script), "--from", "a b", "$(x)", "", cwd=release.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{release} 1 {[*verb, '--from', 'a b', '$(x)', '']}\n"
    assert not (release.parent / "hacked").exists()


def test_a_launcher_is_found_from_inside_the_directory(release: Path) -> None:
    assert started("sh", "airlock", "verify", cwd=release).stdout == f"{release} 1 ['verify']\n"


@pytest.mark.parametrize(("script", "verb"), [("import-package.sh", ["import"]), ("airlock", [])])
def test_a_link_to_a_launcher_works(release: Path, tmp_path: Path, script: str, verb: list[str]) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/shop").symlink_to(f"../{release.name}/{script}")
    (tmp_path / "shop").symlink_to(tmp_path / "bin/shop")
    for link in ("bin/shop", "shop"):
        assert started("sh", str(tmp_path / link), cwd=tmp_path).stdout == f"{release} 1 {verb}\n"


def test_a_launcher_works_in_a_korean_directory_under_a_korean_locale(tmp_path: Path) -> None:
    folder = tmp_path / "현장 서버"
    folder.mkdir()
    for name, content in {**launchers(), "installer.pyz": PRINTER}.items():
        (folder / name).write_bytes(content)
    environment = {"PATH": os.environ["PATH"], "LOCPATH": str(korean_locale()), "LC_ALL": "ko_KR.EUC-KR"}
    done = subprocess.run(("sh", folder / "airlock"), env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, f"{folder} 1 []\n", b"")


@pytest.mark.parametrize(
    "left", [b"", bytes(len(PRINTER)), PRINTER[:-1], PRINTER[: len(PRINTER) // 2], None],
    ids=["empty", "zeros", "cut short", "half", "missing"],
)  # fmt: skip
@pytest.mark.parametrize("script", ["airlock", "import-package.sh"])
def test_a_damaged_installer_does_not_look_like_success(
    release: Path, script: str, left: bytes | None
) -> None:
    installer = release / "installer.pyz"
    installer.unlink() if left is None else installer.write_bytes(left)
    done = started("sh", str(release / script), cwd=release)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.splitlines()[0] == f"Error: The installer is damaged: {installer}"
    assert f"오류: 설치 프로그램이 손상되었습니다: {installer}\n" in done.stderr


def test_an_empty_launcher_beside_it_does_not_look_like_success(release: Path) -> None:
    (release / "airlock").write_bytes(b"")
    done = started("sh", "./import-package.sh", cwd=release)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.splitlines()[0] == "Error: ./airlock is empty. Unpack the package again."


def test_an_old_python_is_passed_over(release: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "readlink", "cat"):
        (tools / name).symlink_to(shutil.which(name) or name)
    old = tools / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.6.8" || exit 1\n')
    old.chmod(0o755)
    without = started("sh", str(release / "import-package.sh"), cwd=tmp_path, path=str(tools))
    assert (without.returncode, without.stdout) == (3, "")
    assert "Python 3.10 or newer was not found on this machine. Nothing was changed." in without.stderr
    assert "이 서버에서 Python 3.10 이상을 찾지 못했습니다." in without.stderr
    assert f"\n  {old}: Python 3.6.8\n" in without.stderr
    (tools / "python3.11").symlink_to(sys.executable)
    assert (
        started("sh", str(release / "airlock"), cwd=tmp_path, path=str(tools)).stdout == f"{release} 1 []\n"
    )
