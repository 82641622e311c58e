"""Keeps what the suite of engines has seen, for ENGINES.md: nothing in its table is typed by hand."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

RECORD = "AIRLOCK_ENGINES"  # the file to which each case is appended

Way = Literal["a real one", "recorded answers", "recorded answers, changed", "not asked"]


@dataclass(frozen=True)
class Seen:
    """One engine and one command: how the engine was there, and how the command ended.

    `words` are the reason of a refusal. An engine whose address says enough is "not asked".
    """

    engine: str
    way: Way
    command: str
    exit_code: int
    words: str


def record(case: Seen) -> None:
    """Appends a case to the record of this run, if one is wanted."""
    path = os.environ.get(RECORD)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(case), ensure_ascii=False) + "\n")


def words_of(told: str) -> str:
    """Returns what a command names as the reason of its refusal: the error, or what the preflight found."""
    error, *details = told[told.index("Error: ") :].splitlines()
    return details[0].strip() if error.startswith("Error: The preflight") else error.removeprefix("Error: ")
