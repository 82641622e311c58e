"""Asks the engine through the `docker` command, with a deadline."""

import subprocess
from collections.abc import Mapping, Sequence

from installer.system.deadlines import QUESTION_SECONDS
from installer.system.engine_problems import silent
from installer.system.process.process import Completed, run


def ask_docker(
    argv: Sequence[str],
    *,
    secrets: Mapping[str, str] | None = None,
    timeout_seconds: float = QUESTION_SECONDS,
) -> Completed:
    """Runs a short `docker` command and returns its output, with any exit code.

    Raises `EngineSilent` if it takes too long, `Refused` if there is no such program.
    """
    try:
        return run(argv, secrets=secrets, timeout_seconds=timeout_seconds)
    except subprocess.TimeoutExpired as late:
        raise silent(argv, timeout_seconds) from late
