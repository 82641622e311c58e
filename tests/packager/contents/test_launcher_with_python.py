"""The launcher of a package with its own Python: which Python it takes, and what it says of the other.

Here its loader is a shell script that starts this machine's Python, or fails in the way that a test needs; in
`tests/journeys/test_without_python.py` it is a real one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from packager.contents.render import launchers
from tests.packager.contents.test_launchers import archive_of

PRINT = "import os, sys; print(os.environ.get('OWN'), os.environ.get('LD_PRELOAD'), sys.argv[1:])\n"
STARTS = f"""\
while [ "${{1#--}}" != "$1" ]; do shift 2; done
shift
OWN=yes exec {sys.executable} "$@"
"""
KILLED = "kill -9 $$\n"
NO_LIBRARY = "echo 'error while loading shared libraries: x.so: too short' >&2; exit 127\n"
TOOLS = ("sh", "uname", "cp", "mkdir", "rm")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release directory with a difficult name, whose own Python runs."""
    folder = tmp_path / "현장 a'b"
    folder.mkdir()
    files = {**launchers(), "installer.pyz": archive_of(PRINT)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "runtime/bin").mkdir(parents=True)
    (folder / "runtime/bin/python3").touch()
    loader(folder, STARTS)
    return folder


def loader(release: Path, script: str, machine: str = os.uname().machine) -> Path:
    """Give the release a loader for a machine that is this script."""
    names = {"x86_64": "ld-linux-x86-64.so.2", "aarch64": "ld-linux-aarch64.so.1"}
    folder = release / "runtime/lib"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("ld-*"):
        old.unlink()
    file = folder / names[machine]
    file.write_text(f"#!/bin/sh\n{script}")
    file.chmod(0o755)
    return file


def tools(folder: Path, **more: str) -> Path:
    """A folder with the few programs of a small system, and more by name."""
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name) or name)
    for name, target in more.items():
        (folder / name).symlink_to(target)
    return folder


def started(release: Path, path: Path, **variables: str) -> tuple[int, str, str]:
    words = ("/bin/sh", str(release / "airlock"), "a b")
    environment = {"PATH": str(path), "HOME": str(release.parent), **variables}
    done = subprocess.run(words, cwd="/", env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


OWN, HOST = "yes None ['a b']\n", "None None ['a b']\n"


def test_the_packages_own_python_comes_first(release: Path, tmp_path: Path) -> None:
    for path in (tools(tmp_path / "without"), tools(tmp_path / "with", python3=sys.executable)):
        assert started(release, path) == (0, OWN, "")


def test_libraries_that_a_person_preloads_are_kept_out_of_it(release: Path, tmp_path: Path) -> None:
    path = tools(tmp_path / "tools")
    disturbing = {"LD_LIBRARY_PATH": "/nowhere", "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere"}
    assert started(release, path, **disturbing) == (0, OWN, "")


@pytest.mark.parametrize(
    ("script", "reason", "korean"),
    [
        (KILLED, "killed by signal 9", "신호 9(으)로 강제 종료되었습니다"),
        (
            NO_LIBRARY,
            "exit code 127, error while loading shared libraries: x.so: too short",
            "종료 코드 127, error while loading shared libraries: x.so: too short",
        ),
    ],
)
def test_where_it_cannot_run_the_servers_own_is_taken_and_named(
    release: Path, tmp_path: Path, script: str, reason: str, korean: str
) -> None:
    loader(release, script)
    path = tools(tmp_path / "tools", python3=sys.executable)
    code, said, told = started(release, path)
    version = f"Python {sys.version.split()[0]}"
    assert (code, said) == (0, HOST)
    assert told.splitlines() == [
        f"Note: using {path}/python3 ({version}). The package's own Python cannot run here: {reason}.",
        f"참고: {path}/python3({version})을(를) 사용합니다. "
        f"패키지의 Python은 여기서 실행할 수 없습니다: {korean}.",
    ]


def test_one_for_another_processor_is_not_even_started(release: Path, tmp_path: Path) -> None:
    here = os.uname().machine
    loader(release, "touch started; exit 0\n", "aarch64" if here == "x86_64" else "x86_64")
    code, said, told = started(release, tools(tmp_path / "tools", python3=sys.executable))
    assert (code, said) == (0, HOST)
    assert f"cannot run here: it is for another processor, not for {here}.\n" in told
    assert not Path("/started").exists()


def test_without_any_python_both_reasons_are_told(release: Path, tmp_path: Path) -> None:
    loader(release, KILLED)
    code, said, told = started(release, tools(tmp_path / "tools"))
    assert (code, said) == (3, "")
    assert told.splitlines() == [
        "Error: Python 3.10 or newer was not found on this machine. Nothing was changed.",
        "The package's own Python cannot run here: killed by signal 9.",
        "패키지의 Python은 여기서 실행할 수 없습니다: 신호 9(으)로 강제 종료되었습니다.",
        '→ Install python3, or follow "By hand" in DEPLOYMENT_GUIDE.md, then run the command again.',
        "오류: 이 서버에서 Python 3.10 이상을 찾지 못했습니다. 변경된 것은 없습니다.",
        '→ python3을 설치하거나 DEPLOYMENT_GUIDE.ko.md의 "수동 설치"를 따른 뒤 명령을 다시 실행하십시오.',
    ]


def test_one_that_may_not_be_run_is_tried_from_other_folders_and_leaves_no_copy(
    release: Path, tmp_path: Path
) -> None:
    loader(release, STARTS).chmod(0o644)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    left = temporary / "airlock-python-999999999"
    left.mkdir()
    code, said, told = started(release, tools(tmp_path / "tools"), TMPDIR=str(temporary))
    assert (code, said) == (3, "")
    assert f"this server does not allow running programs from {release}/runtime (noexec, " in told
    assert f"A copy of it could not run in: {temporary} /var/tmp" in told
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("choice", "said"), [("own", OWN), ("host", HOST), (sys.executable, HOST)], ids=["own", "host", "path"]
)
def test_a_person_may_choose(release: Path, tmp_path: Path, choice: str, said: str) -> None:
    path = tools(tmp_path / "tools", python3=sys.executable)
    assert started(release, path, AIRLOCK_PYTHON=choice) == (0, said, "")


def test_a_chosen_python_that_is_not_there_is_told(release: Path, tmp_path: Path) -> None:
    code, said, told = started(release, tools(tmp_path / "tools"), AIRLOCK_PYTHON="/nowhere/python3")
    assert (code, said) == (3, "")
    assert "\n  /nowhere/python3: " in told


@pytest.mark.parametrize("left", [b"", archive_of(PRINT)[:-1]], ids=["empty", "cut short"])
def test_a_damaged_installer_is_seen_by_the_own_python_too(
    release: Path, tmp_path: Path, left: bytes
) -> None:
    (release / "installer.pyz").write_bytes(left)
    code, said, told = started(release, tools(tmp_path / "tools"))
    assert (code, said, told.splitlines()[0]) == (
        4, "", f"Error: The installer is damaged: {release}/installer.pyz"
    )  # fmt: skip


LINES = f"{'1' * 64}  runtime/bin/python3\n{'2' * 64}  runtime/lib/libc.so.6\n"


@pytest.fixture
def delta(release: Path) -> Path:
    """A delta that leaves out its Python, beside `release`, which has the same."""
    (release / "SHA256SUMS").write_text(f"{'3' * 64}  airlock\n{LINES}{'4' * 64}  z\n")
    folder = release.with_name("delta $(x) 현장")
    folder.mkdir()
    for name in (*launchers(), "installer.pyz"):
        shutil.copy(release / name, folder)
    (folder / "SHA256SUMS").write_text(f"{'5' * 64}  airlock\n{LINES}")
    return folder


def test_a_delta_takes_the_same_python_of_the_directory_beside_it(delta: Path, tmp_path: Path) -> None:
    assert started(delta, tools(tmp_path / "tools")) == (0, OWN, "")


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_every_shell_finds_it(delta: Path, tmp_path: Path, shell: str) -> None:
    words = (shutil.which(shell) or shell, str(delta / "airlock"), "a b")
    environment = {"PATH": str(tools(tmp_path / "tools"))}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, OWN, "")


@pytest.mark.parametrize(
    "change", ["another digest", "one file more", "one file less", "no list", "no Python"]
)
def test_another_python_beside_it_is_passed_over(
    delta: Path, release: Path, tmp_path: Path, change: str
) -> None:
    sums = release / "SHA256SUMS"
    if change == "another digest":
        sums.write_text(sums.read_text().replace("2" * 64, "6" * 64))
    elif change == "one file more":
        sums.write_text(f"{sums.read_text()}{'6' * 64}  runtime/lib/libz.so.1\n")
    elif change == "one file less":
        sums.write_text(LINES.splitlines(keepends=True)[0])
    elif change == "no list":
        sums.unlink()
    else:
        shutil.rmtree(release / "runtime")
    code, said, told = started(delta, tools(tmp_path / "tools", python3=sys.executable))
    assert (code, said) == (0, HOST)
    assert (
        "The package's own Python cannot run here: it is not in this directory, and no directory beside "
        "this one has the same.\n"
    ) in told


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a directory to another user, which only root may")
def test_in_a_folder_for_everybody_only_ones_own_directory_is_trusted(
    delta: Path, release: Path, tmp_path: Path
) -> None:
    path = tools(tmp_path / "tools", python3=sys.executable)
    parent = delta.parent
    os.chown(release, 4242, 4242)
    assert started(delta, path)[:2] == (0, OWN)
    parent.chmod(0o1777)
    assert started(delta, path)[:2] == (0, HOST)
    os.chown(release, 0, 0)
    assert started(delta, path)[:2] == (0, OWN)
    elsewhere = tmp_path / "tools/elsewhere"
    release.rename(elsewhere)
    (parent / "link").symlink_to(elsewhere)
    assert started(delta, path)[:2] == (0, HOST)


def test_a_package_without_a_python_takes_none_of_another(delta: Path, tmp_path: Path) -> None:
    (delta / "SHA256SUMS").write_text(f"{'5' * 64}  airlock\n")
    path = tools(tmp_path / "tools", python3=sys.executable)
    assert started(delta, path) == (0, HOST, "")


def test_the_python_beside_it_runs_from_a_copy_where_it_may_not_be_run(
    delta: Path, release: Path, tmp_path: Path
) -> None:
    forbidden = "case $0 in */airlock-python-*) ;; *) echo failed to map segment >&2; exit 127 ;; esac\n"
    loader(release, forbidden + STARTS)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    assert started(delta, tools(tmp_path / "tools"), TMPDIR=str(temporary)) == (0, OWN, "")
    assert [path.name.rpartition("-")[0] for path in temporary.iterdir()] == ["airlock-python"]
