"""Compares Airlock with the same work by hand, and writes the figures into BENCHMARKS.md.

    scripts/bench database                       a generated MariaDB of 2 GiB: about 20 minutes
    scripts/bench database --engine postgresql   the same with PostgreSQL
    scripts/bench database --size 256M           any other size
    scripts/bench images                         packages of images, 1.3 GB, growing to 5 GB: about 45 minutes
    scripts/bench images --quick                 only two of the four, and growth to 1.2 GB
    scripts/bench images --help                  all options
    scripts/bench blocks                         whether equal content gives equal bytes: about 30 minutes
    scripts/bench lint                           the lint of many migrations and of many rows: seconds
    scripts/bench upgrade                        how long nobody answers: about 40 minutes
    scripts/bench upgrade --only 0.2             only one site; --help: all options
    scripts/bench runtime                        the size and speed of the Python in a package: a minute

It requires root, a Debian mirror and Python packages, but no Docker and no image registry. In /var/tmp
($TMPDIR) it requires five times the size of the database; for the images 15 GB, and 25 GB in the test bed's
cache, which keeps their layers. Everything else except the report is deleted. Run nothing else on the machine
meanwhile.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from testbed.images import ONLINE
from testbed.images.python import PYTHON_OF_PACKAGES
from testbed.life import server
from testbed.machine import require_machine
from testbed.problem import TestbedProblem
from testbed.signals import end_cleanly_when_told

SCRIPTS = Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
PYTHON = ROOT / ".venv/bin/python"
MODULES = f"{SCRIPTS}:{ROOT}"
IMAGES: dict[str, tuple[str, ...]] = {
    "database": ("mariadb:10.11", "postgres:17"),
    "images": (),
    "upgrade": ONLINE,
    "runtime": ("busybox:1", PYTHON_OF_PACKAGES.reference),
}
WITHOUT_ENGINE = ("blocks", "lint")
SITE = "BENCH_SITE"  # names a second engine
FETCHED_BY = {
    "images": "benchmark.images.releases",
    "upgrade": "benchmark.upgrade.sources",
}  # the server has no network


def main() -> int:
    verb, *words = sys.argv[1:] or ["--help"]
    if verb not in (*IMAGES, *WITHOUT_ENGINE):
        print(__doc__)
        return 0 if verb in ("--help", "-h") else 2
    end_cleanly_when_told()
    require_machine()
    subprocess.run([SCRIPTS / "setup"], check=True)
    if verb in FETCHED_BY:
        subprocess.run(
            [PYTHON, "-m", FETCHED_BY[verb]], env={**os.environ, "PYTHONPATH": MODULES}, check=True
        )
    if verb in WITHOUT_ENGINE:
        return _continue((PYTHON, "-m", f"benchmark.{verb}", *words), os.environ)
    with ExitStack() as servers:
        engine = servers.enter_context(server("bench", images=IMAGES[verb]))
        environment = engine.environment()
        if verb == "images":
            environment[SITE] = servers.enter_context(server("bench-site")).environment()["DOCKER_HOST"]
        return _continue(engine.command(PYTHON, "-m", f"benchmark.{verb}", *words), environment)


def _continue(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Continues in Airlock's environment, usually on the private server; returns the exit code."""
    process = subprocess.Popen(command, env={**environment, "PYTHONPATH": MODULES}, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    except SystemExit:  # stopped by a signal; the process must clean up, too
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


if __name__ == "__main__":
    try:
        sys.exit(main())
    except TestbedProblem as problem:
        sys.exit(str(problem))
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
