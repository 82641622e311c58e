"""Runs all checks and all tests, on a private Docker engine and real database servers.

    scripts/test                        everything except the tests marked `long`
    scripts/test --long                 everything
    scripts/test tests/system -k load   a selection; other arguments are passed to pytest

It requires root, a Debian mirror and Python packages, but no Docker and no image registry. The last line is
like "123 passed, 0 failed", and it exits with 0 only if nothing failed.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from testbed.age import age_programs
from testbed.bare_debian import NETWORK, THIS_NETWORK, base_folder
from testbed.engine import GENERATIONS, engine_files
from testbed.faketime import faketime_library
from testbed.images import RECIPES, USUAL
from testbed.images.recipe import image_archive
from testbed.korean_locale import korean_locale
from testbed.life import server
from testbed.machine import require_machine
from testbed.parts import run_in_parts
from testbed.power.file_systems import xfs_programs
from testbed.problem import TestbedProblem
from testbed.registry_programs import registry_programs
from testbed.server import Server
from testbed.signals import end_cleanly_when_told
from testbed.wheels import wheel_environment

SCRIPTS = Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
VENV = ROOT / ".venv"
OWN_MOUNTS = "AIRLOCK_TESTS_AMONG_OWN_MOUNTS"


def main() -> int:
    words = sys.argv[1:]
    if words in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    end_cleanly_when_told()
    require_machine()
    _continue_among_own_mounts()
    subprocess.run([SCRIPTS / "setup"], check=True)
    _fetch_what_tests_take()
    if any(not word.startswith("-") for word in words):
        with server("test", images=USUAL) as engine:
            return _run_pytest(engine, words)
    checks = subprocess.run([SCRIPTS / "check"], check=False).returncode
    note = "Style, format or types are wrong: scripts/check" if checks else ""
    return run_in_parts(_start_pytest, words, note) or checks


def _continue_among_own_mounts() -> None:
    """Restarts in its own mount namespace: only the engines started from it see the tests' mounts."""
    if OWN_MOUNTS not in os.environ:
        own_mounts = ("unshare", "--mount", "--propagation", "shared", "--")
        words = (*own_mounts, sys.executable, __file__, *sys.argv[1:])
        os.execvpe(words[0], words, {**os.environ, OWN_MOUNTS: "1"})


def _fetch_what_tests_take() -> None:
    """Downloads everything that tests use: they run on a server without network."""
    base_folder()
    for generation in GENERATIONS:
        engine_files(generation)
    faketime_library()
    korean_locale()
    xfs_programs()
    registry_programs()
    for recipe in RECIPES.values():
        image_archive(recipe)


def _start_pytest(
    engine: Server, words: Sequence[str], output: IO[str] | None = None
) -> "subprocess.Popen[str]":
    environment = {
        **engine.environment(wheel_environment()),
        "PATH": f"{VENV / 'bin'}:{age_programs()}:{engine.environment()['PATH']}",
        "VIRTUAL_ENV": str(VENV),
        NETWORK: THIS_NETWORK,
    }
    return subprocess.Popen(
        engine.command(*pytest_words(words)),
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        text=True,
    )


def _run_pytest(engine: Server, words: Sequence[str]) -> int:
    process = _start_pytest(engine, words)
    try:
        return process.wait()
    except SystemExit:  # stopped by a signal; pytest must clean up, too
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


def pytest_words(words: Sequence[str]) -> tuple[str, ...]:
    """Returns the pytest command for the arguments of `scripts/test`."""
    chosen = () if "--long" in words else ("-m", "not long")
    passed_on = tuple(word for word in words if word != "--long")
    return ("python", "-m", "pytest", "--require-engine", *chosen, *passed_on)


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        sys.exit(main())
    except TestbedProblem as problem:
        sys.exit(str(problem))
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
