"""The command line under locales whose encoding is not UTF-8, in real processes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from testbed.korean_locale import korean_locale

ROOT = Path(__file__).parents[1]
LOCALE = "ko_KR.EUC-KR"


@pytest.fixture(scope="session")
def korean() -> Mapping[str, str]:
    """The environment of a Korean server of the old school."""
    return {"LOCPATH": str(korean_locale()), "LC_ALL": LOCALE}


def told(*words: str, environment: Mapping[str, str], cwd: Path) -> tuple[int, bytes]:
    """The exit code, and what the installer wrote on stderr."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        (sys.executable, "-m", "installer", *words),
        env={**known, **environment, "PYTHONPATH": str(ROOT)}, cwd=cwd, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_a_terminal_in_euc_kr_gets_korean_in_its_encoding(korean: Mapping[str, str], tmp_path: Path) -> None:
    code, words = told("verify", "고객/없음", environment=korean, cwd=tmp_path)
    assert (code, words.decode("euc_kr").splitlines()[0]) == (2, "오류: 고객/없음 경로가 없습니다.")


def test_what_the_terminals_encoding_lacks_is_escaped(korean: Mapping[str, str], tmp_path: Path) -> None:
    code, words = told("--lang", "en", "verify", "café/없음", environment=korean, cwd=tmp_path)
    assert (code, words.decode("euc_kr").splitlines()[0]) == (2, r"Error: caf\xe9/없음 does not exist.")


def test_the_name_of_a_file_that_is_not_utf_8_is_shown_as_it_is(tmp_path: Path) -> None:
    cp949 = os.fsdecode("고객".encode("cp949"))
    code, words = told("--lang", "en", "verify", cp949, environment={"LC_ALL": "C.UTF-8"}, cwd=tmp_path)
    assert (code, words.splitlines()[0]) == (2, b"Error: " + "고객".encode("cp949") + b" does not exist.")


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {}])
def test_the_locale_c_gets_utf_8(environment: Mapping[str, str], tmp_path: Path) -> None:
    code, words = told("--lang", "ko", "verify", "고객", environment=environment, cwd=tmp_path)
    assert (code, words.decode().splitlines()[0]) == (2, "오류: 고객 경로가 없습니다.")


def test_an_encoding_without_letters_gets_escapes(tmp_path: Path) -> None:
    environment = {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"}
    code, words = told("--lang", "en", "verify", "고객", environment=environment, cwd=tmp_path)
    assert (code, words.splitlines()[0]) == (2, rb"Error: \uace0\uac1d does not exist.")


def test_our_own_files_are_utf_8_under_every_locale(korean: Mapping[str, str], tmp_path: Path) -> None:
    log = tmp_path / "기록.log"
    told("--log-file", str(log), "verify", "없음", environment=korean, cwd=tmp_path)
    assert "오류: 없음 경로가 없습니다." in log.read_text("utf-8")
