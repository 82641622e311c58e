"""Runs other programs: a command is a tuple of arguments, never a shell line.

Each program except an interactive one gets its own session, so that Ctrl-C reaches only Airlock: during a
rollback the programs continue; otherwise Airlock kills them and all their children.
"""

import os
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from installer.errors import Failed, Refused
from installer.system.process.own_session import end_session, flags_of_own_session, startable
from installer.text import _

ERROR_LINES = 20


@dataclass(frozen=True)
class Completed:
    """A finished program: its arguments, exit code and output."""

    argv: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str


class ToolFailed(Failed):
    """A program failed with an untranslated error; has the last lines of its output."""

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
    stdin: str | None = None,
    timeout_seconds: float | None = None,
) -> Completed:
    """Runs a program to its end and returns its output, with any exit code.

    The program reads `stdin`, nothing by default. `secrets` are added to the child's environment; the
    variables `unset` are removed from it. Raises `Refused` if there is no such program,
    `subprocess.TimeoutExpired` if it takes too long (the child is killed).
    """
    environment = environment_with(secrets, unset)
    source = subprocess.DEVNULL if stdin is None else subprocess.PIPE
    content = None if stdin is None else stdin.encode()
    with started(
        argv, environment, cwd, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        stdout, stderr = child.communicate(content, timeout=timeout_seconds)
    return Completed(tuple(argv), child.returncode, text_of(stdout), text_of(stderr))


def output_of(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout_seconds: float | None = None,
) -> str:
    """Returns a program's stdout. Raises `ToolFailed` unless it exits with 0."""
    done = run(argv, secrets=secrets, cwd=cwd, timeout_seconds=timeout_seconds)
    if done.exit_code:
        raise ToolFailed(done)
    return done.stdout


def show(argv: Sequence[str], *, unset: Collection[str] = (), cwd: Path | None = None) -> int:
    """Runs a program and shows its output immediately, on stderr. Returns its exit code.

    The variables `unset` are removed from its environment. Raises `Refused` if there is no such program.
    """
    with started(argv, environment_with(None, unset), cwd, stdout=2, stderr=2) as child:
        return child.wait()


def each_line(
    argv: Sequence[str], take: Callable[[str], None], *, unset: Collection[str] = (), cwd: Path | None = None
) -> int:
    """Runs a program and calls `take` with each line that it writes, to either stream, immediately.

    Returns its exit code. Raises `Refused` if there is no such program.
    """
    environment = environment_with(None, unset)
    with started(argv, environment, cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        assert child.stdout is not None
        for line in child.stdout:
            take(text_of(line).rstrip())
        return child.wait()


def converse(argv: Sequence[str], *, cwd: Path | None = None) -> int:
    """Runs an interactive program: it uses Airlock's terminal, and writes to stderr.

    Returns its exit code. Raises `Refused` if there is no such program.
    """
    try:
        return subprocess.run(startable(argv), cwd=cwd, stdout=2, check=False).returncode
    except FileNotFoundError as missing:
        raise _no_such_program(argv[0]) from missing


@contextmanager
def started(
    argv: Sequence[str],
    environment: Mapping[str, str],
    cwd: Path | None,
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int,
    stderr: int,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Yields a running program, and kills it if it still runs after the body."""
    try:
        child = subprocess.Popen(
            startable(argv),
            env=environment,
            cwd=cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            creationflags=flags_of_own_session(),
        )
    except FileNotFoundError as missing:
        raise _no_such_program(argv[0]) from missing
    try:
        yield child
    finally:
        _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        end_session(child)
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None and not stream.closed:
            with suppress(BrokenPipeError):
                stream.close()
    child.wait()


def environment_with(secrets: Mapping[str, str] | None, unset: Collection[str] = ()) -> dict[str, str]:
    """Returns Airlock's environment without the variables `unset`, with `secrets` added."""
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return {**kept, **(secrets or {})}


def _no_such_program(name: str) -> Refused:
    return Refused(
        _("The program `{name}` was not found.", name=name), hint=_("Install it, then run the command again.")
    )


def text_of(raw: bytes) -> str:
    """Decodes a program's output as UTF-8; invalid bytes become U+FFFD."""
    return raw.decode("utf-8", "replace")
