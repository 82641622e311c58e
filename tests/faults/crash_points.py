"""Kills a command of a site at each of its moments, and judges what one command makes of it afterwards."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.site import Ended, Site

MOMENTS = Path(__file__).with_name("moments.py")
KILLED = -9


@dataclass(frozen=True)
class CrashPoint:
    """One moment of a command: its number, what the journal said last, and what was about to change."""

    number: int
    after: str
    change: str


def crash_points(site: Site, release: Path, *words: str) -> tuple[CrashPoint, ...]:
    """Runs a command to its end, and returns its moments."""
    listed = release.parent / "moments.txt"
    ended = _run(site, release, "LIST", str(listed), *words)
    assert ended.code == 0, ended.told
    return tuple(_points(listed.read_text("utf-8").splitlines(), release))


def kill_at(site: Site, release: Path, point: CrashPoint, *words: str) -> bool:
    """Runs a command and kills it at this moment; returns whether that moment came."""
    ended = _run(site, release, "KILL", str(point.number), *words)
    assert ended.code in (0, KILLED), ended.told
    return ended.code == KILLED


def _run(site: Site, release: Path, mode: str, argument: str, *words: str) -> Ended:
    program = (sys.executable, "-I", "-X", "utf8", str(MOMENTS), mode, argument)
    return site.type(release, *program, str(release / "installer.pyz"), *words, AIRLOCK_RELEASE=str(release))


def _points(lines: Sequence[str], release: Path) -> Iterator[CrashPoint]:
    for number, line in enumerate(lines):
        after, _tab, change = line.partition("\t")
        yield CrashPoint(number, after, re.sub(r"\d{4,}", "N", change.replace(str(release.parent), "…")))
