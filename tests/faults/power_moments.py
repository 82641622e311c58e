"""Cuts the power at many moments of an import that was recorded, and judges the files of each."""

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from installer.site.paths import runs_folder
from installer.workflow.journal import runs_in
from testbed.power.power_cut import PowerCut
from testbed.power.power_disk import PowerDisk, after
from tests.faults.power_states import Whole, problems
from tests.faults.reliability import Case, record


def cuts_of(disk: PowerDisk, begin: int, end: int, count: int) -> list[PowerCut]:
    """Returns power cuts between two moments: at each in order, and with a lost cache, up to this number."""
    moments, dice = list(range(begin, end + 1)), random.Random(count)
    in_order = moments if 2 * len(moments) <= count else sorted(dice.sample(moments, count // 2))
    lost = sorted((dice.choice(moments), seed) for seed in range(1, count - len(in_order) + 1))
    return [*map(disk.cut, in_order), *(disk.cut(moment, seed) for moment, seed in lost)]


def judge(disk: PowerDisk, cuts: Sequence[PowerCut], whole: Whole, folder: Path, suite: str) -> list[str]:
    """Mounts the disk after each power cut; returns what was broken, and records each cut."""
    broken = []
    for cut in cuts:
        with TemporaryDirectory(dir=folder) as logs, after(disk, cut, folder / "state", Path(logs)):
            found = problems(folder / "state", whole)
            moment = last_event(folder / "state", whole)
        record(Case(suite, moment, "in order" if cut.seed is None else "cache lost", not found))
        broken += [f"{cut}, {moment}: {problem}" for problem in found]
    return broken


def last_event(place: Path, whole: Whole) -> str:
    """Returns what the journal said last, such as "started migrate"; empty before it exists."""
    events = [event for run in runs_in(runs_folder(place / whole.new)) for event in run.events()]
    return f"{events[-1].what} {events[-1].name}" if events else ""
