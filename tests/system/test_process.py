import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.system.process import (
    Completed,
    ToolFailed,
    output_of,
    reading_from,
    run,
    writing_side_by_side,
    writing_to,
)


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
from installer.system.process import {door}
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
    assert not is_alive(pid)


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


def test_stdout_is_read_as_a_stream() -> None:
    with reading_from(("printf", "a\nb\n")) as stream:
        assert stream.readlines() == [b"a\n", b"b\n"]


def test_a_program_that_fails_after_its_output_is_an_error_at_the_end() -> None:
    read = b""
    with (
        pytest.raises(ToolFailed) as failed,
        reading_from(("sh", "-c", "echo half; echo why >&2; exit 2")) as stream,
    ):
        read = stream.read()
    assert (read, failed.value.details) == (b"half\n", ("why",))


def test_a_reader_that_raises_ends_the_program_and_keeps_its_own_error() -> None:
    began = time.monotonic()
    with pytest.raises(KeyError), reading_from(("sleep", "30")):
        raise KeyError("mine")
    assert time.monotonic() - began < 5


def test_stdin_is_written_as_a_stream(tmp_path) -> None:
    with writing_to(("dd", f"of={tmp_path / 'copy'}", "status=none")) as stream:
        for _number in range(100):
            stream.write(b"x" * 100_000)
    assert (tmp_path / "copy").stat().st_size == 10_000_000


def test_a_program_that_stops_reading_is_reported_by_its_own_words_not_by_a_broken_pipe() -> None:
    with pytest.raises(ToolFailed) as failed, writing_to(("sh", "-c", "echo full >&2; exit 4")) as stream:
        for _number in range(100):
            stream.write(b"x" * 100_000)
    assert (failed.value.completed.exit_code, failed.value.details) == (4, ("full",))


def test_a_writer_that_raises_ends_the_program_before_it_believes_the_input_complete(tmp_path) -> None:
    done = tmp_path / "done"
    with (
        pytest.raises(KeyError),
        writing_to(("sh", "-c", 'cat > /dev/null; touch "$0"', str(done))) as stream,
    ):
        stream.write(b"half")
        raise KeyError("mine")
    time.sleep(0.2)
    assert not done.exists()


def test_programs_side_by_side_are_told_of_the_end_of_their_input_together(tmp_path: Path) -> None:
    """Each waits, with its input read, for the other to have read its own."""
    words = f"cat; mkfifo {tmp_path}/met 2> /dev/null && : > {tmp_path}/met || : < {tmp_path}/met"
    with writing_side_by_side(("sh", "-c", f"{{ {words}; }} > /dev/null"), 2) as streams:
        for stream in streams:
            stream.write(b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["met"]


ONE_FAILS = 'mkdir "$0" 2> /dev/null && exec cat > /dev/null; echo full >&2; exit 4'


def test_of_programs_side_by_side_the_one_that_fails_is_told_and_the_other_ended(tmp_path: Path) -> None:
    words = ("sh", "-c", ONE_FAILS, str(tmp_path / "first"))
    with pytest.raises(ToolFailed) as failed, writing_side_by_side(words, 2) as streams:
        for number in range(200):
            streams[number % 2].write(b"x" * 100_000)
    assert (failed.value.completed.exit_code, failed.value.details) == (4, ("full",))


def test_a_program_that_fails_is_told_only_when_the_others_have_ended(tmp_path: Path) -> None:
    words = 'cat; if mkdir "$0" 2> /dev/null; then exit 5; fi; sleep 0.3; touch "$0/done"'
    with (
        pytest.raises(ToolFailed) as failed,
        writing_side_by_side(("sh", "-c", words, str(tmp_path / "a")), 2),
    ):
        pass
    assert (failed.value.completed.exit_code, (tmp_path / "a" / "done").exists()) == (5, True)


@pytest.mark.parametrize("door", [reading_from, writing_to])
def test_a_stream_of_a_program_that_is_not_there_is_refused_by_name(door) -> None:
    with pytest.raises(Refused), door(("no-such-program",)):
        pytest.fail("the body must not run")


def test_a_program_can_be_read_through_a_fifo_to_its_end(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with reading_from(("dd", "if=/dev/zero", f"of={fifo}", "bs=1M", "count=5"), fifo=fifo) as stream:
        assert not fifo.exists()
        assert len(stream.read()) == 5 << 20


@pytest.mark.parametrize("words", ["exit 3", 'sleep 0.2; echo half > "$0"; exit 3', ': > "$0"; exit 3'])
def test_a_program_that_fails_is_told_whether_it_opened_the_fifo_or_not(tmp_path: Path, words: str) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with (
        pytest.raises(ToolFailed) as failed,
        reading_from(("sh", "-c", words, str(fifo)), fifo=fifo) as stream,
    ):
        stream.read()
    assert failed.value.completed.exit_code == 3


def test_a_file_can_be_the_input_of_one_program_and_the_output_of_another(tmp_path: Path) -> None:
    with (tmp_path / "packed").open("wb") as packed, writing_to(("gzip",), stdout=packed) as stream:
        stream.write(b"hello")
    with (tmp_path / "packed").open("rb") as packed, reading_from(("gunzip",), stdin=packed) as unpacked:
        assert unpacked.read() == b"hello"
