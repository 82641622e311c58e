"""The verbs `split` and `join` on the command line: what they print, in both languages, and how they end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packager.delta_packages import release, write
from tests.packager.saved_images import layer

ROOT = Path(__file__).parents[3]
NAME = "vault_2.1.1_package.tar.gz"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("made"), "2.1.1", release("2.1.1", layer("app/1")))


def airlock(folder: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-m", "packager", *map(str, words))
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_both_print_the_path_and_what_to_do_next(package: Path, tmp_path: Path) -> None:
    made = airlock(tmp_path, "split", package, "--size", "1MB", "--output", "parts")
    assert (made.returncode, made.stdout) == (0, f"parts/{NAME}.001\n")
    assert f"1 part of {NAME}, " in made.stderr
    assert (
        f"Carry all of them and {NAME}.sha256 to the site. Then run there: ./airlock import {NAME}.001"
        in made.stderr
    )
    joined = airlock(tmp_path, "--lang", "ko", "join", f"parts/{NAME}.001")
    assert (joined.returncode, joined.stdout) == (0, f"{NAME}\n")
    assert f"파일을 복사할 때마다 확인하십시오: sha256sum -c {NAME}.sha256" in joined.stderr
    assert (tmp_path / NAME).read_bytes() == package.read_bytes()
    subprocess.run(("sha256sum", "--check", "--quiet", f"{NAME}.sha256"), cwd=tmp_path, check=True)


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("split", NAME), 2, "--size"),
        (("split", NAME, "--size", "4"), 2, "--size 4GB"),
        (("split", NAME, "--size", "1KB"), 2, "--size 4GB"),
        (("split", NAME, "--size", "4GB"), 2, "does not exist"),
        (("join",), 2, "PARTS"),
        (("join", f"{NAME}.001"), 2, "airlock join PACKAGE.001"),
    ],
)
def test_wrong_words_are_refused(words: tuple[str, ...], exit_code: int, told: str, tmp_path: Path) -> None:
    ended = airlock(tmp_path, "--lang", "en", *words)
    assert ended.returncode == exit_code
    assert told in ended.stderr
    assert list(tmp_path.iterdir()) == []
