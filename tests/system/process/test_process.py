import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.system.process.process import Completed, ToolFailed, each_line, output_of, run
from installer.system.process.streaming import reading_from, writing_to


def script(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


def test_a_program_is_run_to_its_end_whatever_its_exit_code() -> None:
    argv = script("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert run(argv) == Completed(argv, 3, "out\n", "err\n")


def test_words_reach_the_program_as_they_are_without_a_shell(tmp_path) -> None:
    word = "$(touch pwned); `touch pwned` 'a' \"b\"\n*"
    assert run(("printf", "%s", word), cwd=tmp_path).stdout == word
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_added_to_the_childs_environment_and_unset_variables_left_out(monkeypatch) -> None:
    monkeypatch.setenv("KEPT", "1")
    monkeypatch.setenv("DISTURBING", "2")
    shown = run(("env",), secrets={"MYSQL_PWD": "s3"}, unset=("DISTURBING", "NOT_THERE")).stdout
    assert {"KEPT=1", "MYSQL_PWD=s3"} <= set(shown.splitlines())
    assert "DISTURBING" not in shown


def test_every_line_of_both_streams_is_given_as_it_comes() -> None:
    lines: list[str] = []
    argv = script("import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)")
    assert (each_line(argv, lines.append), lines) == (3, ["out", "err"])


def test_a_program_reads_nothing_from_our_input() -> None:
    assert output_of(("cat",)) == ""


def test_output_that_is_not_utf8_is_kept_readable() -> None:
    assert output_of(("printf", r"a\377b")) == "a�b"


def test_a_program_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        run(("no-such-program",))
    assert refused.value.happened == "The program `no-such-program` was not found."


def test_a_program_that_takes_too_long_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        run(("sleep", "30"), timeout_seconds=0.2)
    assert time.monotonic() - began < 5


def test_a_program_that_takes_too_long_is_killed_with_all_that_it_has_started() -> None:
    began = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        run(("sh", "-c", "sleep 30 & wait"), timeout_seconds=0.2)
    assert time.monotonic() - began < 5


WITH_A_CHILD = """
from installer.system.process.process import {door}
with suppress(KeyboardInterrupt):
    {door}(("sh", "-c", "sleep 30 & echo $! > pid.part; mv pid.part pid; wait; touch survived"))
"""


@pytest.mark.parametrize("door", ["run", "show"])
def test_an_interrupted_program_is_killed_with_all_that_it_has_started(door: str, tmp_path: Path) -> None:
    ours = subprocess.Popen(
        script("from contextlib import suppress" + WITH_A_CHILD.format(door=door)),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    pid = int(awaited(tmp_path / "pid").read_text())
    ours.send_signal(signal.SIGINT)
    assert ours.wait(timeout=5) == 0
    gone(pid)


def gone(pid: int) -> None:
    """Killed with its group, it may need a moment to end."""
    for _attempt in range(100):
        if not is_alive(pid):
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} survived")


def awaited(path: Path) -> Path:
    for _attempt in range(100):
        if path.exists():
            return path
        time.sleep(0.05)
    raise AssertionError(f"{path} did not appear")


def is_alive(pid: int) -> bool:
    """A killed program without a parent may stay a zombie where nobody collects it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("door", [run, reading_from, writing_to])
def test_ctrl_c_at_the_terminal_reaches_us_alone(door: Callable[..., object], tmp_path: Path) -> None:
    """A terminal signals the whole session in its foreground: a program must be in one of its own."""
    argv = ("sh", "-c", "cut -d ' ' -f 6 /proc/$$/stat > session.part; mv session.part session")
    if door is run:
        run(argv, cwd=tmp_path)
    else:
        with door(("sh", "-c", f"cd {tmp_path}; {argv[2]}")):  # type: ignore[attr-defined]
            awaited(tmp_path / "session")
    assert int((tmp_path / "session").read_text()) != os.getsid(0)


def test_output_of_a_failed_program_carries_its_command_code_and_last_words() -> None:
    with pytest.raises(ToolFailed) as failed:
        output_of(("sh", "-c", "seq 1 30 >&2; exit 9"))
    assert failed.value.happened == "`sh -c seq 1 30 >&2; exit 9` ended with exit code 9."
    assert failed.value.details == tuple(str(number) for number in range(11, 31))


def test_the_error_of_a_silent_program_shows_what_it_wrote_to_stdout() -> None:
    with pytest.raises(ToolFailed) as failed:
        output_of(("sh", "-c", "echo reason; exit 1"))
    assert failed.value.details == ("reason",)
