"""Runs programs of the test bed; shows their last lines of output only if they fail."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from testbed.problem import TestbedProblem


def output_of(*words: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """Returns the standard output of a program that must succeed."""
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env=environment
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise TestbedProblem(f"{words[0]} failed ({done.returncode}): " + "\n  ".join(said))
    return done.stdout


def input_to(text: str, *words: str | Path, environment: Mapping[str, str]) -> None:
    """Runs a program that reads `text` and must succeed."""
    done = subprocess.run(words, input=text.encode(), capture_output=True, check=False, env=environment)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-5:]
        raise TestbedProblem(f"{words[0]} failed ({done.returncode}): " + "\n  ".join(said))


def succeeds(*words: str | Path, environment: Mapping[str, str] | None = None) -> bool:
    """Returns whether a program exits with 0."""
    return (
        subprocess.run(
            words, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=environment
        ).returncode
        == 0
    )
