"""Keeps what the fault suite has seen, for RELIABILITY.md: nothing in that file is typed by hand."""

import json
import os
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
            file.write(json.dumps(asdict(case), ensure_ascii=False) + "\n")
