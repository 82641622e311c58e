"""Judges what a power cut left of an import by its files alone: each is whole or absent, never half."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from installer.bundle.archive.checksums import hash_file
from installer.bundle.layout import INSTALLER, LAUNCHER, TOOL
from installer.site.paths import backups_folder, runs_folder
from installer.workflow.journal import FACTS, PLAN, Event, Journal, runs_in
from tests.journeys.site import digests_of

DAMAGED = 4


@dataclass(frozen=True)
class Whole:
    """The files of an import as they were at its end; `old` and `new` are folders of the disk."""

    old: str
    new: str
    shipped: Mapping[str, str]  # path → digest, as in the package
    carried: Mapping[str, frozenset[str]]  # folder or file → the files in it
    events: tuple[Event, ...]
    written: Mapping[str, str] = field(default_factory=dict)  # path → digest, of the run and the backups


def whole_import(place: Path, old: str, new: str, shipped: Mapping[str, str], *carried: str) -> Whole:
    """Reads an import that has ended, or its rollback."""
    (run,) = runs_in(runs_folder(place / new))
    backups = backups_folder(place / new)
    written = [run.folder / PLAN, run.folder / FACTS, *(backups.iterdir() if backups.exists() else ())]
    digests = {str(path.relative_to(place)): _digest(path) for path in written}
    where = {
        name: next(p for p in (place / new / name, place / old / name) if p.exists()) for name in carried
    }
    names = {name: frozenset(_content(path)) for name, path in where.items()}
    return Whole(old, new, shipped, names, run.events(), digests)


def problems(place: Path, whole: Whole) -> list[str]:
    """Returns each promise that the files at `place` break."""
    return [
        *_problems_of_run(place, whole),
        *_problems_of_written(place, whole),
        *_problems_of_carried(place, whole),
        *_problems_of_launchers(place / whole.new, whole),
    ]


def _problems_of_run(place: Path, whole: Whole) -> Iterator[str]:
    for run in runs_in(runs_folder(place / whole.new)):
        if run.events() != whole.events[: len(run.events())]:
            yield f"the journal differs: {run.events()}"
        yield from (f"{name} is not whole, but the run began" for name in _unlike(place, whole))
        yield from _problems_of_finished(place, whole, run)
    for path in (place / whole.new / ".airlock").rglob("*.json"):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            yield f"{path} is half"


def _unlike(place: Path, whole: Whole) -> Iterator[str]:
    for name, digest in whole.shipped.items():
        path = place / whole.new / name
        if not path.is_file() or _digest(path) != digest:
            yield name


def _problems_of_finished(place: Path, whole: Whole, run: Journal) -> Iterator[str]:
    backups = [path for path in whole.written if path.startswith(f"{whole.new}/backups/")]
    if run.has_finished("back-up"):
        yield from (f"{path} is missing" for path in backups if not (place / path).exists())
    if run.has_finished("carry-over") and not run.is_reopened:
        carried = [place / whole.new / name for name in whole.carried]
        yield from (f"{path} is missing" for path in carried if not path.exists())


def _problems_of_written(place: Path, whole: Whole) -> Iterator[str]:
    for path, digest in whole.written.items():
        if (place / path).exists() and _digest(place / path) != digest:
            yield f"{path} is half"


def _problems_of_carried(place: Path, whole: Whole) -> Iterator[str]:
    for name, content in whole.carried.items():
        found = [place / release / name for release in (whole.old, whole.new)]
        there = [path for path in found if os.path.lexists(path)]
        if not there:
            yield f"{name} is lost"
        yield from (f"{path} is half" for path in there if not content <= set(_content(path)))


def _problems_of_launchers(release: Path, whole: Whole) -> Iterator[str]:
    """Yields a launcher that says nothing of a damaged installer. An empty script itself can say nothing."""
    for name in (LAUNCHER, TOOL):
        path = release / name
        if _is_whole(path, whole) and not all(
            _is_whole(release / other, whole) for other in (TOOL, INSTALLER)
        ):
            done = subprocess.run((path, "--version"), capture_output=True, text=True, check=False)
            if done.returncode != DAMAGED or "package again" not in done.stderr:
                yield f"{name} says {done.returncode}: {done.stdout}{done.stderr}"


def _is_whole(path: Path, whole: Whole) -> bool:
    return path.is_file() and _digest(path) == whole.shipped[path.name]


def _content(path: Path) -> list[str]:
    """Returns the files below a folder with their digests; of a database, which changes, their names."""
    if path.is_file():
        return [_digest(path)]
    if path.name == "mariadb":
        return [
            name for name in ("ibdata1", "mysql/db.frm", "customer_vault/db.opt") if (path / name).exists()
        ]
    return [f"{name} {digest}" for name, digest in digests_of(path).items()]


def _digest(path: Path) -> str:
    return hash_file(path, lambda _: None)
