"""Programs whose input or output is a stream: what they get, what is told of them, and how they end."""

import os
import time
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.system.process.process import ToolFailed
from installer.system.process.streaming import reading_from, writing_side_by_side, writing_to


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
    words = 'if [ "$(cat)" = fail ]; then exit 5; fi; sleep 0.3; touch "$0"'
    with (
        pytest.raises(ToolFailed) as failed,
        writing_side_by_side(("sh", "-c", words, str(tmp_path / "done")), 2) as (first, second),
    ):
        first.write(b"fail")
        second.write(b"end")
    assert (failed.value.completed.exit_code, (tmp_path / "done").exists()) == (5, True)


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


def test_a_program_can_be_written_to_through_a_fifo_to_its_end(tmp_path: Path) -> None:
    fifo, read = tmp_path / "fifo", tmp_path / "read"
    os.mkfifo(fifo)
    with writing_to(("sh", "-c", f"sleep 0.2; cat < {fifo} > {read}"), fifo=fifo) as stream:
        assert not fifo.exists()
        stream.write(b"line\n" * 100_000)
    assert read.read_bytes() == b"line\n" * 100_000


@pytest.mark.parametrize("words", ["echo gone >&2; exit 3", "head -c 1 < {fifo}; echo gone >&2; exit 3"])
def test_a_program_that_fails_is_told_whether_it_read_the_fifo_or_not(tmp_path: Path, words: str) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with (
        pytest.raises(ToolFailed) as failed,
        writing_to(("sh", "-c", words.format(fifo=fifo)), fifo=fifo) as stream,
    ):
        stream.write(bytes(1 << 20))
    assert (failed.value.completed.exit_code, failed.value.completed.stderr) == (3, "gone\n")
