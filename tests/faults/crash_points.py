"""Kills a command of a site at each of its moments, and judges what one command makes of it afterwards."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from testbed.problem import TestbedProblem
from tests.journeys.site import Ended, Site

MOMENTS = Path(__file__).with_name("moments.py")
KILLED = -9
STRUCK = "This moment came.\n"
HISTORY_ROW = re.compile(r"\('[0-9a-f-]{36}','[0-9a-f]{64}',")
NOTHING_MORE = re.compile(r"^(write|os\.chmod) (\d+|/tmp)$|^sync |cacert\.pem$")


class NeverCame(AssertionError):
    """A moment did not come: the number of moments differs a little from run to run."""


@dataclass(frozen=True)
class CrashPoint:
    """One moment of a command: its number, what the journal said last, and what was about to change."""

    number: int
    after: str
    change: str


def all_points(site: Site, release: Path, *words: str) -> tuple[CrashPoint, ...]:
    """Runs a command to its end, and returns its moments."""
    listed = release.parent / "moments.txt"
    ended = _run(site, release, "LIST", str(listed), *words)
    assert ended.code == 0, ended.told
    return tuple(_points(listed.read_text("utf-8").splitlines(), release))


def crash_points(points: Iterable[CrashPoint]) -> tuple[CrashPoint, ...]:
    """Returns those where it makes a difference to be killed."""
    return tuple(point for point in points if not NOTHING_MORE.search(point.change))


def last_of_records(points: Iterable[CrashPoint]) -> tuple[CrashPoint, ...]:
    """Returns the last moment before each record: of a step, the one that leaves most behind."""
    return tuple({point.after: point for point in points}.values())


def kill_at(site: Site, release: Path, point: CrashPoint, *words: str) -> bool:
    """Runs a command and kills it at this moment; returns whether that moment came."""
    ended = _run(site, release, "KILL", str(point.number), *words)
    assert ended.code in (0, KILLED), ended.told
    return ended.code == KILLED


def fail_at(site: Site, release: Path, point: CrashPoint, error: str, *words: str) -> Ended:
    """Runs a command in which this one change fails with an error such as "ENOSPC"."""
    return _struck(site, release, "FAIL", f"{point.number}:{error}", *words)


def do_at(site: Site, release: Path, points: Iterable[CrashPoint], command: str, *words: str) -> Ended:
    """Runs a command, and a command of the shell before each of these moments."""
    numbers = ",".join(str(point.number) for point in points)
    return _struck(site, release, "DO", f"{numbers}:{command}", *words)


def jump_at(site: Site, release: Path, points: Iterable[CrashPoint], seconds: int, *words: str) -> Ended:
    """Runs a command whose clock is put forward and back in turn at these moments, first by so much."""
    numbers = ",".join(str(point.number) for point in points)
    return _struck(site, release, "CLOCK", f"{numbers}:{seconds}", *words)


def first_of_records(points: Iterable[CrashPoint]) -> tuple[CrashPoint, ...]:
    """Returns the first moment after each record of the journal."""
    first: dict[str, CrashPoint] = {}
    for point in points:
        first.setdefault(point.after, point)
    return tuple(point for record, point in first.items() if record)


def first_of_steps(points: Iterable[CrashPoint]) -> tuple[CrashPoint, ...]:
    """Returns the first moment after each record that a step started."""
    return tuple(point for point in first_of_records(points) if point.after.startswith("started "))


def _struck(site: Site, release: Path, mode: str, argument: str, *words: str) -> Ended:
    """Runs it, and makes sure that a moment came: a fault that did not strike proves nothing."""
    ended = _run(site, release, mode, argument, *words)
    if STRUCK not in ended.told:
        raise NeverCame(f"{argument} never came:\n{ended.told}")
    return ended


def _run(site: Site, release: Path, mode: str, argument: str, *words: str) -> Ended:
    """Runs it as the launcher would, but in the tests' own Python, and with the moments watched."""
    program = (sys.executable, "-I", "-X", "utf8", str(MOMENTS), mode, argument)
    return site.type(release, *program, str(release / "installer.pyz"), *words, AIRLOCK_RELEASE=str(release))


def _points(lines: Sequence[str], release: Path) -> Iterator[CrashPoint]:
    """Yields a point for each line, but for those that are as the line before."""
    before = ""
    for number, line in enumerate(lines):
        after, _tab, change = line.partition("\t")
        if line != before:
            yield CrashPoint(number, after, shortened(change.replace(str(release.parent), "…")))
        before = line


def shortened(change: str) -> str:
    """Returns a change without names that differ from run to run."""
    change = re.sub(r"\d{8}[_-]\d{6}", "TIME", change)
    change = re.sub(r"\b[0-9a-f]{64}\b", "ID", change)
    return re.sub(r"\.[0-9a-f]{16}\b", ".RANDOM", change)


@dataclass(frozen=True)
class AtRest:
    """A site as it is seen from outside, but for what every start changes."""

    version: str
    content: str
    containers: tuple[str, ...]
    engine: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def timeless(self) -> "AtRest":
        """Returns it without the times in the names of volumes."""
        return replace(self, engine=tuple(re.sub(r"\d{8}_\d{6}$", "TIME", line) for line in self.engine))

    def without_named(self, told: str) -> "AtRest":
        """Returns it without the volumes in which a command says that it keeps data."""
        kept = re.compile(r"volume (\S+_(?:airlock|set_aside)_\d{8}_\d{6})$")
        named = {line for line in self.engine if (found := kept.match(line)) and found[1] in told}
        return replace(self, engine=tuple(line for line in self.engine if line not in named))


def at_rest(site: Site) -> AtRest:
    """Waits for nothing: a command that ended left everything as it shall be."""
    try:
        version, content = site.version(), _content(site)
    except TestbedProblem as problem:
        version, content = f"no answer: {problem}", ""
    return AtRest(version, content, _containers(site), _engine(site), _files(site))


def _content(site: Site) -> str:
    """Returns the dump without the times of the migrations."""
    lines = site.dump().splitlines()
    applied = site.sql("SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations ORDER BY 1")
    return "\n".join(line for line in lines if not HISTORY_ROW.match(line)) + applied


def _containers(site: Site) -> tuple[str, ...]:
    told = site.server.output_of("docker", "ps", "--all", "--format", "{{.Names}} {{.Image}} {{.Status}}")
    return tuple(sorted(re.sub(r"Up [^(]*", "Up ", line).strip() for line in told.splitlines()))


def _engine(site: Site) -> tuple[str, ...]:
    """Returns networks and volumes; those of a rehearsal would be among them."""
    kinds = (("network", "{{.Name}}"), ("volume", "{{.Name}}"))
    return tuple(
        f"{kind} {name}"
        for kind, form in kinds
        for name in sorted(site.server.output_of("docker", kind, "ls", "--format", form).split())
    )


def _files(site: Site) -> tuple[str, ...]:
    """Returns files that a command leaves only while it works."""
    found = (path for path in site.folder.rglob("*") if _is_temporary(path))
    return tuple(sorted(str(path.relative_to(site.folder)) for path in found))


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".") and bool(re.search(r"\.(part|airlock-partial|[0-9a-f]{16})$", path.name))


def differences(found: AtRest, wanted: AtRest) -> str:
    """Returns the lines that differ, for the message of a failed test."""
    lines = [[*f"{one.version}\n{one.content}".splitlines(), *one.containers, *one.engine, *one.files]
             for one in (found, wanted)]  # fmt: skip
    return "\n".join(unified_diff(*lines, "found", "wanted", lineterm="", n=0))
