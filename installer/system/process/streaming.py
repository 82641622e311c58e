"""Runs programs with a stream as input or output, and keeps their stderr separate."""

import io
import select
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from installer.system.deadlines import SILENCE_SECONDS
from installer.system.process.fifo import read_fifo, write_fifo
from installer.system.process.patience import Patience, PatientReader, PatientWriter
from installer.system.process.process import Completed, ToolFailed, environment_with, started, text_of


@contextmanager
def reading_from(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    stdin: IO[bytes] | None = None,
    fifo: Path | None = None,
) -> Iterator[IO[bytes]]:
    """Yields the stdout of a running program; raises `ToolFailed` at the end unless it exits with 0.

    It reads `stdin`, or nothing if that is None. With `fifo`, its stdout is discarded and the stream is what
    it writes there; the stream is yielded with the first bytes, and the FIFO is deleted by then. Raises
    `TimeoutError` if none come. A body that raises ends the program and keeps its own error.
    """
    given = subprocess.DEVNULL if stdin is None else stdin.fileno()
    wanted = subprocess.PIPE if fifo is None else subprocess.DEVNULL
    with _streaming(argv, secrets, stdin=given, stdout=wanted) as (child, errors):
        with _output(child, fifo) as pipe, io.BufferedReader(PatientReader(pipe, Patience(argv))) as stream:
            yield stream
        _expect_success(child, argv, errors)


def _output(child: "subprocess.Popen[bytes]", fifo: Path | None) -> IO[bytes]:
    if fifo is not None:
        return read_fifo(fifo, lambda: child.poll() is None)
    assert child.stdout is not None
    return child.stdout


@contextmanager
def writing_to(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    stdout: IO[bytes] | None = None,
    silence_seconds: float = SILENCE_SECONDS,
    fifo: Path | None = None,
) -> Iterator[IO[bytes]]:
    """Yields the stdin of a running program; raises `ToolFailed` at the end unless it exits with 0.

    With `fifo`, the stream is what it reads there, and the FIFO is deleted as soon as both have it. Its
    output goes to the file `stdout`, or is discarded if that is None. If the program ends early, its own
    message is raised, not the broken pipe. Raises `EngineSilent` when it is silent for `silence_seconds`.
    """
    wanted = subprocess.DEVNULL if stdout is None else stdout.fileno()
    patience = Patience(argv, most_seconds=silence_seconds)
    with _writing(argv, secrets, wanted, 1, patience, fifo) as (stream,):
        yield stream


@contextmanager
def writing_side_by_side(
    argv: Sequence[str], count: int, patience: Patience | None = None
) -> Iterator[Sequence[IO[bytes]]]:
    """Yields streams like `writing_to`, for `count` programs in parallel; all have ended when it ends."""
    with _writing(argv, None, subprocess.DEVNULL, count, patience or Patience(argv)) as streams:
        yield streams


@contextmanager
def _writing(
    argv: Sequence[str],
    secrets: Mapping[str, str] | None,
    stdout: int,
    count: int,
    patience: Patience,
    fifo: Path | None = None,
) -> Iterator[Sequence[IO[bytes]]]:
    stdin = subprocess.PIPE if fifo is None else subprocess.DEVNULL
    with ExitStack() as programs:
        running = [
            programs.enter_context(_streaming(argv, secrets, stdin=stdin, stdout=stdout))
            for _number in range(count)
        ]
        pipes: list[IO[bytes]] = []
        try:
            pipes += [_input(child, fifo) for child, _errors in running]
            for pipe in pipes:
                programs.callback(pipe.close)  # not flushed: a body that raised has nothing more to say
            streams = [io.BufferedWriter(PatientWriter(pipe, patience)) for pipe in pipes]
            yield streams
            for stream in streams:
                stream.flush()
            for stream in streams:
                stream.close()
        except BrokenPipeError:
            unread = zip(running, pipes, strict=False)
            running = [one for one, pipe in unread if _is_unread(pipe)] or running
        for child, _errors in running:
            patience.await_end(child)
        for child, errors in running:
            _expect_success(child, argv, errors)


def _input(child: "subprocess.Popen[bytes]", fifo: Path | None) -> IO[bytes]:
    if fifo is not None:
        return write_fifo(fifo, lambda: child.poll() is None)
    assert child.stdin is not None
    return child.stdin


def _is_unread(pipe: IO[bytes]) -> bool:
    """Returns whether its other end is closed."""
    look = select.poll()
    look.register(pipe, 0)
    return bool(look.poll(0))


@contextmanager
def _streaming(
    argv: Sequence[str], secrets: Mapping[str, str] | None, *, stdin: int, stdout: int
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    import tempfile

    with (
        tempfile.TemporaryFile() as errors,
        started(
            argv, environment_with(secrets), None, stdin=stdin, stdout=stdout, stderr=errors.fileno()
        ) as child,
    ):
        yield child, errors


def _expect_success(child: "subprocess.Popen[bytes]", argv: Sequence[str], errors: IO[bytes]) -> None:
    exit_code = Patience(argv).await_end(child)
    if exit_code:
        errors.seek(0)
        raise ToolFailed(Completed(tuple(argv), exit_code, "", text_of(errors.read())))
