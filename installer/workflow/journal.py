"""The journal of a run: what was intended is on disk before it is done, and what came of it after.

A run's folder is `.airlock/runs/<id>/`, with `plan.json` (what undoing needs) and `journal.jsonl`
(one event a line).
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from installer.system.files.files import fsync_folder, write_atomically

End = Literal["done", "refused", "restored", "stuck"]

PLAN = "plan.json"
EVENTS = "journal.jsonl"


@dataclass(frozen=True)
class Event:
    """One line of the journal.

    `what` is started, finished, undone, ended or reopened; `name` the step, the end, or why it was reopened.
    """

    at: str
    what: str
    name: str


@dataclass(frozen=True)
class Journal:
    """The journal in `folder`. Every call that adds an event returns after the disk has it."""

    folder: Path

    def started(self, step: str) -> None:
        """Write that `step` begins."""
        self._add("started", step)

    def finished(self, step: str) -> None:
        """Write that `step` is done."""
        self._add("finished", step)

    def undone(self, step: str) -> None:
        """Write that what `step` did is gone again."""
        self._add("undone", step)

    def ended(self, end: End) -> None:
        """Write how the run ended; nothing follows but a later rollback."""
        self._add("ended", end)

    def reopened(self, reason: str) -> None:
        """Write that a run that had ended is being undone: it must be undone completely from now on."""
        self._add("reopened", reason)

    def events(self) -> tuple[Event, ...]:
        """All events so far. A last line cut off by a power cut does not count."""
        lines = (
            (self.folder / EVENTS).read_bytes().split(b"\n")[:-1] if (self.folder / EVENTS).exists() else []
        )
        return tuple(Event(**json.loads(line)) for line in lines)

    def begun(self) -> frozenset[str]:
        """The steps that were started and not undone."""
        begun: set[str] = set()
        for event in self.events():
            if event.what == "started":
                begun.add(event.name)
            elif event.what == "undone":
                begun.discard(event.name)
        return frozenset(begun)

    def has_finished(self, step: str) -> bool:
        """Whether a step was done and is not undone."""
        return ("finished", step) in {
            (event.what, event.name) for event in self.events()
        } and step in self.begun()

    def end(self) -> str | None:
        """How the run ended; None when it was cut off, or reopened and not ended again."""
        last = next((event for event in reversed(self.events()) if event.what in ("ended", "reopened")), None)
        return last.name if last is not None and last.what == "ended" else None

    def plan(self) -> bytes:
        """The plan that `begin_run` was given."""
        return (self.folder / PLAN).read_bytes()

    def _add(self, what: str, name: str) -> None:
        event = {
            "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "what": what,
            "name": name,
        }
        descriptor = os.open(self.folder / EVENTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self._drop_cut_off_line()
            os.write(descriptor, json.dumps(event).encode() + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _drop_cut_off_line(self) -> None:
        written = (self.folder / EVENTS).read_bytes()
        if written and not written.endswith(b"\n"):
            os.truncate(self.folder / EVENTS, written.rfind(b"\n") + 1)


def begin_run(runs: Path, name: str, plan: bytes) -> Journal:
    """A new run's journal in `runs`/`name`, its plan on disk before anything is done."""
    folder = runs / name
    folder.mkdir(parents=True, mode=0o700)
    (folder / EVENTS).touch(mode=0o600)
    write_atomically(folder / PLAN, plan)
    fsync_folder(runs)
    return Journal(folder)


def runs_in(runs: Path) -> Iterator[Journal]:
    """The journals of all runs in `runs`, newest first."""
    for folder in sorted(runs.iterdir() if runs.is_dir() else (), reverse=True):
        if (folder / PLAN).exists():
            yield Journal(folder)
