"""Runs other programs: a command is a tuple of words, never a shell line.

Each program but one the person talks with gets a session of its own, so that Ctrl-C reaches us alone: on the
way back the programs go on, and everywhere else we end them, with all that they have started.
"""

import fcntl
import os
import select
import signal
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installer.errors import AirlockError, Refused
from installer.system.fifo import read_fifo
from installer.text import _

ERROR_LINES = 20
PIPE_BYTES = 1 << 20


@dataclass(frozen=True)
class Completed:
    """A program that has ended: its words, exit code, and what it wrote."""

    argv: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str


class ToolFailed(AirlockError):
    """A program ended with an error that nobody has translated; carries the last lines it wrote."""

    def __init__(self, completed: Completed) -> None:
        words = (completed.stderr.strip() or completed.stdout.strip()).splitlines()[-ERROR_LINES:]
        super().__init__(
            _(
                "`{command}` ended with exit code {code}.",
                command=" ".join(completed.argv),
                code=completed.exit_code,
            ),
            details=words,
        )
        self.completed = completed


def run(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    unset: Collection[str] = (),
    cwd: Path | None = None,
    timeout_seconds: float | None = None,
) -> Completed:
    """Run a program to its end and keep what it wrote, whatever its exit code.

    `secrets` are added to the child's environment, the variables `unset` are left out of it.
    Raises `Refused` when there is no such program, `subprocess.TimeoutExpired` when it takes too long
    (the child is killed).
    """
    environment = _environment(secrets, unset)
    with _started(argv, environment, cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        stdout, stderr = child.communicate(timeout=timeout_seconds)
    return Completed(tuple(argv), child.returncode, _text(stdout), _text(stderr))


def output_of(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout_seconds: float | None = None,
) -> str:
    """What a program wrote to stdout. Raises `ToolFailed` when it does not end with 0."""
    done = run(argv, secrets=secrets, cwd=cwd, timeout_seconds=timeout_seconds)
    if done.exit_code:
        raise ToolFailed(done)
    return done.stdout


def show(argv: Sequence[str], *, unset: Collection[str] = (), cwd: Path | None = None) -> int:
    """Run a program whose words the person sees as they come, on our stderr. Returns its exit code.

    The variables `unset` are left out of its environment. Raises `Refused` when there is no such program.
    """
    with _started(argv, _environment(None, unset), cwd, stdout=2, stderr=2) as child:
        return child.wait()


def converse(argv: Sequence[str], *, cwd: Path | None = None) -> int:
    """Run a program that the person talks with: it has our terminal, and writes to our stderr.

    Returns its exit code. Raises `Refused` when there is no such program.
    """
    try:
        return subprocess.run(argv, cwd=cwd, stdout=2, check=False).returncode
    except FileNotFoundError as missing:
        raise _no_such_program(argv[0]) from missing


@contextmanager
def reading_from(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    stdin: IO[bytes] | None = None,
    fifo: Path | None = None,
) -> Iterator[IO[bytes]]:
    """Yield the stdout of a running program as a stream; `ToolFailed` at the end unless it ended with 0.

    It reads `stdin`, nothing when that is None. With `fifo` its stdout is dropped and the stream is what it
    writes there; it is yielded with the first bytes, and the FIFO's name is gone then. Raises `TimeoutError`
    when none come. A body that raises ends the program and keeps its own error.
    """
    given = subprocess.DEVNULL if stdin is None else stdin.fileno()
    wanted = subprocess.PIPE if fifo is None else subprocess.DEVNULL
    with _streaming(argv, secrets, stdin=given, stdout=wanted) as (child, errors):
        with _output(child, fifo) as stream:
            yield stream
        _expect_success(child, argv, errors)


def _output(child: "subprocess.Popen[bytes]", fifo: Path | None) -> IO[bytes]:
    if fifo is not None:
        return read_fifo(fifo, lambda: child.poll() is None)
    assert child.stdout is not None
    _widen(child.stdout)
    return child.stdout


def _widen(pipe: IO[bytes]) -> None:
    """Give a pipe room for more bytes, as far as the kernel lets us: then its two ends wait less."""
    with suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


@contextmanager
def writing_to(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    stdout: IO[bytes] | None = None,
) -> Iterator[IO[bytes]]:
    """Yield the stdin of a running program as a stream; `ToolFailed` at the end unless it ended with 0.

    What it writes goes into the file `stdout`, nowhere when that is None.
    When the program ends early its own words are raised, not our broken pipe.
    """
    wanted = subprocess.DEVNULL if stdout is None else stdout.fileno()
    with _writing(argv, secrets, wanted, 1) as (stream,):
        yield stream


@contextmanager
def writing_side_by_side(argv: Sequence[str], count: int) -> Iterator[Sequence[IO[bytes]]]:
    """As `writing_to`, with so many of the program at once. All are over when it ends or raises."""
    with _writing(argv, None, subprocess.DEVNULL, count) as streams:
        yield streams


@contextmanager
def _writing(
    argv: Sequence[str], secrets: Mapping[str, str] | None, stdout: int, count: int
) -> Iterator[Sequence[IO[bytes]]]:
    with ExitStack() as programs:
        running = [
            programs.enter_context(_streaming(argv, secrets, stdin=subprocess.PIPE, stdout=stdout))
            for _number in range(count)
        ]
        streams = [child.stdin for child, _errors in running if child.stdin is not None]
        for stream in streams:
            _widen(stream)
        try:
            yield streams
            for stream in streams:
                stream.flush()
            for stream in streams:
                stream.close()
        except BrokenPipeError:
            running = [
                one for one, stream in zip(running, streams, strict=True) if _is_unread(stream)
            ] or running
        for child, _errors in running:
            child.wait()
        for child, errors in running:
            _expect_success(child, argv, errors)


def _is_unread(pipe: IO[bytes]) -> bool:
    """Whether nobody holds its other end any more."""
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
        _started(
            argv, _environment(secrets), None, stdin=stdin, stdout=stdout, stderr=errors.fileno()
        ) as child,
    ):
        yield child, errors


@contextmanager
def _started(
    argv: Sequence[str],
    environment: Mapping[str, str],
    cwd: Path | None,
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int,
    stderr: int,
) -> Iterator["subprocess.Popen[bytes]"]:
    """A running program; what of it still runs after the body is killed."""
    try:
        child = subprocess.Popen(
            argv, env=environment, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
        )
    except FileNotFoundError as missing:
        raise _no_such_program(argv[0]) from missing
    try:
        yield child
    finally:
        _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None and not stream.closed:
            with suppress(BrokenPipeError):
                stream.close()
    child.wait()


def _expect_success(child: "subprocess.Popen[bytes]", argv: Sequence[str], errors: IO[bytes]) -> None:
    exit_code = child.wait()
    if exit_code:
        errors.seek(0)
        raise ToolFailed(Completed(tuple(argv), exit_code, "", _text(errors.read())))


def _environment(secrets: Mapping[str, str] | None, unset: Collection[str] = ()) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {**kept, **(secrets or {})}


def _no_such_program(name: str) -> Refused:
    return Refused(
        _("The program `{name}` was not found.", name=name), hint=_("Install it, then run the command again.")
    )


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
