"""Options of the whole command line, before a verb or behind it."""

import subprocess
import sys
from pathlib import Path

import pytest

from installer.commands.cli import airlock
from installer.commands.own_options import own_options_first


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ((), ()),
        (("import", "--yes"), ("import", "--yes")),
        (("import", "--yes", "--lang", "ko"), ("--lang", "ko", "import", "--yes")),
        (("import", "--lang=ko", "a.tar"), ("--lang=ko", "import", "a.tar")),
        (("import", "--quiet", "a.tar"), ("--quiet", "import", "a.tar")),
        (
            ("--lang", "ko", "backup", "--log-file", "b", "--reason", "r"),
            ("--lang", "ko", "--log-file", "b", "backup", "--reason", "r"),
        ),
        (("import", "--log-file"), ("--log-file", "import")),
        (("import", "--help", "--version"), ("import", "--help", "--version")),
        (("verify", "--", "--quiet"), ("verify", "--", "--quiet")),
    ],
)
def test_options_of_the_group_come_first_and_keep_their_values(
    typed: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert own_options_first(airlock, typed) == list(meant)


def test_a_log_and_a_language_may_be_asked_for_behind_the_verb(tmp_path: Path) -> None:
    words = (sys.executable, "-m", "installer", "verify", "gone.tar.gz", "--lang", "ko", "--log-file", "log")
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    logged = [line.split(" ", 1)[1] for line in (tmp_path / "log").read_text().splitlines()]
    assert (done.returncode, logged) == (2, done.stderr.splitlines())
    assert done.stderr.startswith("오류: ")
