"""Downloads the Python wheels that example applications install, while there is a network."""

import hashlib
import os
from pathlib import Path

from testbed.cache import kept
from testbed.command import output_of

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = tuple(sorted((ROOT / "examples").glob("*/app/*/requirements.txt")))


def wheel_environment() -> dict[str, str]:
    """Returns the environment in which `pip download` finds the examples' wheels without a network."""
    wanted = hashlib.sha256(b"\0".join(path.read_bytes() for path in REQUIREMENTS)).hexdigest()[:12]
    wheels = kept(f"wheels-{wanted}", _fetch)
    return {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}


def _fetch(folder: Path) -> None:
    for requirements in REQUIREMENTS:
        output_of(ROOT / ".venv/bin/python", "-m", "pip", "--quiet", "download", "--no-deps",
                  "--dest", folder, "--requirement", requirements)  # fmt: skip
