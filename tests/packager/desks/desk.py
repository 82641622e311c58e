"""Runs `airlock` as an engineer types it: on this machine, or as Python finds itself on another system."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[3]
AS_ON = Path(__file__).with_name("as_on.py")
DESKS = ("macos", "windows")
HERE: Mapping[str, str] = {}


def airlock(
    desk: str | None, folder: Path, *words: str, given: Mapping[str, str] = HERE, root: Path = ROOT
) -> "subprocess.CompletedProcess[str]":
    """Run it in `folder`; `desk` is None for this machine, `root` has the program."""
    program = (str(AS_ON), desk) if desk else ("-m", "packager")
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONUTF8": "1", **given}
    return subprocess.run(
        (sys.executable, *program, "--lang", "en", *words),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
