"""Keeps the journal of a run: each step is recorded on disk before it starts and after it ends.

A run's folder is `.airlock/runs/<id>/`, with `plan.json` (the data that an undo needs), `facts.json` (who,
when, on which host) and `journal.jsonl` (one event per line). A reader ignores what it does not know: later
versions may add keys and kinds of events.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal, cast

from installer.system.files.files import fsync_folder, write_atomically

End = Literal["done", "refused", "restored", "stuck"]

FORMAT = 2
PLAN = "plan.json"
FACTS = "facts.json"
EVENTS = "journal.jsonl"


@dataclass(frozen=True)
class Event:
    """A line of the journal.

    `what` is begun, started, finished, undone, ended or reopened; `name` is the verb, the step, the end, or
    the reason for reopening.
    """

    at: str
    what: str
    name: str


@dataclass(frozen=True)
class Journal:
    """The journal in `folder`. Every call that adds an event returns only after the event is on disk."""

    folder: Path

    def started(self, step: str) -> None:
        """Records that `step` starts."""
        self._add("started", step)

    def finished(self, step: str) -> None:
        """Records that `step` is done."""
        self._add("finished", step)

    def undone(self, step: str) -> None:
        """Records that `step` is undone."""
        self._add("undone", step)

    def ended(self, end: End) -> None:
        """Records how the run ended; only a later rollback may add events."""
        self._add("ended", end)

    def reopened(self, reason: str) -> None:
        """Records that an ended run is being undone: from now on it must be undone completely."""
        self._add("reopened", reason)

    def events(self) -> tuple[Event, ...]:
        """Returns all events so far; ignores lines that a power cut truncated or filled with zeros."""
        path = self.folder / EVENTS
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        return tuple(event for event in map(_event_of, lines) if event is not None)

    @property
    def verb(self) -> str:
        """Returns what was run, such as import; journals without a format number are of imports."""
        return next((event.name for event in self.events() if event.what == "begun"), "import")

    def facts(self) -> dict[str, object]:
        """Returns who began the run, when, and on which host; {} for a run of a version without them."""
        path = self.folder / FACTS
        return cast("dict[str, object]", json.loads(path.read_bytes())) if path.exists() else {}

    def begun(self) -> frozenset[str]:
        """Returns the steps that were started and not undone."""
        begun: set[str] = set()
        for event in self.events():
            if event.what == "started":
                begun.add(event.name)
            elif event.what == "undone":
                begun.discard(event.name)
        return frozenset(begun)

    def has_started(self) -> bool:
        """Returns whether any step was ever started."""
        return any(event.what == "started" for event in self.events())

    def has_finished(self, step: str) -> bool:
        """Returns whether a step was finished, and neither undone nor started again since."""
        whats = [event.what for event in self.events() if event.name == step]
        return [what for what in whats if what in ("started", "finished", "undone")][-1:] == ["finished"]

    def end(self) -> str | None:
        """Returns how the run ended; None if it was interrupted, or reopened and not ended again."""
        last = next((event for event in reversed(self.events()) if event.what in ("ended", "reopened")), None)
        return last.name if last is not None and last.what == "ended" else None

    @property
    def is_reopened(self) -> bool:
        """Returns whether the run had ended and is being undone."""
        last = next((event for event in reversed(self.events()) if event.what in ("ended", "reopened")), None)
        return last is not None and last.what == "reopened"

    def undone_since_reopened(self) -> bool:
        """Returns whether a step was undone since the run was reopened."""
        whats = [event.what for event in self.events()]
        return "undone" in whats[whats.index("reopened") :] if "reopened" in whats else False

    def plan(self) -> bytes:
        """Returns the plan that was passed to `begin_run`."""
        return (self.folder / PLAN).read_bytes()

    def _add(self, what: str, name: str, **more: object) -> None:
        at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        event = {"at": at, "what": what, "name": name, **more}
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


def begin_run(
    runs: Path, name: str, plan: bytes, verb: str = "import", facts: Mapping[str, object] | None = None
) -> Journal:
    """Creates the journal of a new run in `runs`/`name`; its plan is on disk when this returns."""
    folder = runs / name
    missing = [place for place in (runs, *runs.parents) if not place.exists()]
    folder.mkdir(parents=True, mode=0o700)
    (folder / EVENTS).touch(mode=0o600)
    known = json.dumps(facts or {}, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")
    write_atomically(folder / FACTS, known + b"\n")
    write_atomically(folder / PLAN, plan)
    for place in (runs, *(made.parent for made in missing)):
        fsync_folder(place)
    journal = Journal(folder)
    journal._add("begun", verb, format=FORMAT)
    return journal


def _event_of(line: bytes) -> Event | None:
    try:
        fields = json.loads(line)
        return Event(str(fields["at"]), str(fields["what"]), str(fields["name"]))
    except (ValueError, TypeError, KeyError):
        return None


def runs_in(runs: Path, verb: str = "") -> Iterator[Journal]:
    """Yields the journals of all runs in `runs`, or of all runs of `verb`, newest first."""
    for folder in sorted(runs.iterdir() if runs.is_dir() else (), reverse=True):
        journal = Journal(folder)
        if (folder / PLAN).exists() and (not verb or journal.verb == verb):
            yield journal
