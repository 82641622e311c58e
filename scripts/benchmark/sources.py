"""Finds Airlock's sources, and compiles them as an installation does."""

import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2]


def compile_sources() -> None:
    """Writes bytecode, under any environment, so that no measure waits for the compiler."""
    folders = (SOURCES / name for name in ("installer", "packager", "scripts"))
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=True)
