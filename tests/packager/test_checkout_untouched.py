"""An export reads the engineer's checkout and writes nothing into it, so that it may be read-only."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.packager.projects import write

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
COMPOSE = """\
services:
  web:
    build: ./web
    volumes: ["./conf:/etc/notes:ro", "./uploads:/srv/uploads"]
    environment: {GREETING: "${GREETING:?}"}
"""
PACKAGE = "notes_1.0.0_package.tar.gz"


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A clean one; Git's index says of a file another time than it has, as after a copy."""
    files = {"docker-compose.yml": COMPOSE, ".env.example": "GREETING=\n", "conf/notes.conf": "a\n"}
    dockerfile = {"web/Dockerfile": "FROM busybox:1\nCOPY page /page\n", "web/page": "hello\n"}
    folder = write(tmp_path / "notes", {**files, **dockerfile})
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", "Begin")
    os.utime(folder / "web/page", (1_700_000_000, 1_700_000_000))
    yield folder
    subprocess.run(("docker", "rmi", "--force", "notes-web:1.0.0"), capture_output=True, check=True)


def git(folder: Path, *words: str) -> None:
    subprocess.run(("git", *words), cwd=folder, check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    subprocess.run(("mount", "--bind", folder, folder), check=True)
    try:
        subprocess.run(("mount", "-o", "remount,bind,ro", folder), check=True)
        yield
    finally:
        subprocess.run(("umount", "--lazy", folder), check=True)


def export(folder: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    command = (sys.executable, "-m", "packager", "--lang", "en", "export", "1.0.0", *words)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def picture(folder: Path) -> dict[Path, tuple[int, int, bytes]]:
    """Everything in a folder; the time of a folder tells also of a file that came and went."""
    looks = {path: path.lstat() for path in (folder, *sorted(folder.rglob("*")))}
    return {
        path: (look.st_mode, look.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path, look in looks.items()
    }


def test_an_export_writes_nothing_into_the_checkout_and_a_read_only_one_gives_the_same_package(
    checkout: Path, tmp_path: Path
) -> None:
    before, one, two = picture(checkout), tmp_path / "one", tmp_path / "two"
    done = export(checkout, "--output", one)
    assert (done.returncode, "Warning: " in done.stderr) == (0, False), done.stderr
    assert picture(checkout) == before
    with read_only(checkout):
        done = export(checkout, "--output", two)
    assert (done.returncode, done.stdout) == (0, f"{two / PACKAGE}\n"), done.stderr
    assert (one / PACKAGE).read_bytes() == (two / PACKAGE).read_bytes()


def test_where_the_package_cannot_be_written_the_export_says_so_in_words(checkout: Path) -> None:
    with read_only(checkout):
        done = export(checkout)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1].endswith(": Read-only file system."), done.stderr
    assert "Traceback" not in done.stderr
