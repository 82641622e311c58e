"""Compares the lint and the rehearsal with real MariaDB servers, and writes docs/lint.md.

    scripts/judge                hundreds of statements on servers of three series: about ten minutes
    scripts/judge --catalogue    only the catalogue of codes, which requires no server

It has the same requirements as scripts/test.
"""

import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
CATALOGUE = (ROOT / ".venv/bin/python", "-m", "tests.agreement")
ALL_SERIES = (SCRIPTS / "test", "--long", "--record-agreement", "tests/agreement", "-k", "all_series")


def main() -> int:
    words = sys.argv[1:]
    if words not in ([], ["--catalogue"]):
        print(__doc__)
        return 0 if words in (["--help"], ["-h"]) else 2
    subprocess.run([SCRIPTS / "setup"], check=True)
    subprocess.run(CATALOGUE, cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{SCRIPTS}:{ROOT}"}, check=True)
    return 0 if words else subprocess.run(ALL_SERIES, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
