"""The border of the command line: signals, and what becomes of a bug."""

import errno
import os
import stat
import sys
from pathlib import Path

import click
import pytest

from installer.commands.cli import run_command_line
from installer.system.process.process import run

HANGS_UP = """
import os, signal, click
from installer.commands.cli import run_command_line

def hang_up():
    os.kill(os.getpid(), signal.SIGHUP)
    print("went on")

raise SystemExit(run_command_line(click.Group(commands=[click.Command("go", callback=hang_up)]), ["go"]))
"""


@pytest.mark.parametrize(("before", "code", "said"), [("", 130, ""), ("trap '' HUP; ", 0, "went on\n")])
def test_a_closed_terminal_interrupts_unless_it_was_started_with_nohup(
    before: str, code: int, said: str
) -> None:
    root = Path(__file__).parents[2]
    done = run(("sh", "-c", before + 'exec "$0" -c "$1"', sys.executable, HANGS_UP), cwd=root)
    assert (done.exit_code, done.stdout) == (code, said)


MAKES = """
import click
from pathlib import Path
from installer.commands.cli import run_command_line

def make():
    Path("folder").mkdir()
    Path("file").touch()

raise SystemExit(run_command_line(click.Group(commands=[click.Command("go", callback=make)]), ["go"]))
"""


@pytest.mark.parametrize(
    ("umask", "modes"), [("000", (0o775, 0o664)), ("022", (0o755, 0o644)), ("077", (0o700, 0o600))]
)
def test_nothing_can_be_written_by_everyone_whatever_the_umask(
    umask: str, modes: tuple[int, int], tmp_path: Path
) -> None:
    root = {"PYTHONPATH": str(Path(__file__).parents[2])}
    words = ("sh", "-c", f'umask {umask}; exec "$0" -c "$1"', sys.executable, MAKES)
    assert run(words, cwd=tmp_path, secrets=root).exit_code == 0
    assert tuple(stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("folder", "file")) == modes


def buggy() -> None:
    raise ZeroDivisionError("by zero")


BUGGY = click.Group(commands=[click.Command("go", callback=buggy)])


def test_a_bug_is_told_in_one_line_and_kept_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run_command_line(BUGGY, ["go"]) == 1
    (report,) = tmp_path.iterdir()
    assert capsys.readouterr().err == (
        "Error: This is a bug in Airlock. We are sorry.\n"
        "  ZeroDivisionError: by zero\n"
        f"→ Please send this file to the vendor of the package: {report}\n"
    )
    assert "Traceback (most recent call last):" in report.read_text()


def test_a_bug_is_told_at_length_where_no_file_can_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    monkeypatch.setenv("HOME", str(tmp_path / "gone"))
    assert run_command_line(BUGGY, ["go"]) == 1
    assert "  Traceback (most recent call last):\n" in capsys.readouterr().err


class Mute(Exception):
    """A mistake whose own words fail."""

    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize("bug", [Mute(), ValueError("\udcb0\udced"), RecursionError(), MemoryError()])
def test_the_report_of_a_bug_never_fails_itself(bug: Exception, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fail() -> None:
        raise bug

    assert run_command_line(click.Group(commands=[click.Command("go", callback=fail)]), ["go"]) == 1
    (report,) = tmp_path.iterdir()
    assert type(bug).__name__ in report.read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "hint"),
    [(errno.ENOSPC, "→ Make room, then run the command again.\n"), (errno.EROFS, "")],
)
def test_what_the_machine_refuses_is_no_bug(
    capsys: pytest.CaptureFixture[str], number: int, hint: str
) -> None:
    def fail() -> None:
        raise OSError(number, os.strerror(number), "/data/x")

    assert run_command_line(click.Group(commands=[click.Command("go", callback=fail)]), ["go"]) == 3
    assert capsys.readouterr().err == f"Error: /data/x: {os.strerror(number)}.\n{hint}"
