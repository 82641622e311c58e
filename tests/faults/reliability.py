"""Keeps what the fault suite has seen, for RELIABILITY.md: nothing in that file is typed by hand."""

import functools
import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

RECORD = "AIRLOCK_RELIABILITY"  # the file to which each case is appended


@dataclass(frozen=True)
class Case:
    """One fault: what was done, when it struck, and whether the site came to rest as it must."""

    suite: str
    moment: str
    fault: str
    is_good: bool


def record(case: Case) -> None:
    """Appends a case to the record of this run, if one is wanted."""
    path = os.environ.get(RECORD)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            line = {**asdict(case), "versions": _versions()}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


@functools.cache
def _versions() -> str:
    """Returns the versions of the test bed's programs."""
    questions = (
        ("docker", "version", "--format", "Docker {{.Server.Version}}"),
        ("docker", "compose", "version", "--short"),
    )
    engine, compose = (subprocess.check_output(words, text=True).strip() for words in questions)
    return f"{engine}, Compose {compose}, Linux {platform.release().partition('-')[0]}"
