"""Writes the section of BENCHMARKS.md about the outage of upgrades. Has no side effects."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmark.figures import Spread
from benchmark.machine import Machine
from benchmark.markdown import mib, paragraph, table, yes
from benchmark.upgrade.taking import BY_HAND, Figures
from benchmark.upgrade.vault import Size

AGAINST_BY_HAND, AGAINST_SMALL, AGAINST_RESTART, SLOWER, OFF = 0.15, 1.5, 1.5, 1.5, 0.3
BAR = 60


@dataclass(frozen=True)
class Case:
    """One site: its size and filesystem, and what was measured on it, once or several times."""

    name: str
    size: Size
    filesystem: str
    taken: tuple[Figures, ...]

    def median(self, name: str) -> float:
        return Spread.of([getattr(one, name) for one in self.taken]).median


def section(cases: Sequence[Case], command: str, machine: Machine) -> str:
    """Returns the section: targets, all figures, a chart, and the commands by hand."""
    about = paragraph(
        f"`{command}`, {machine.now:%Y-%m-%d %H:%M} UTC, {machine.cores} cores ({machine.processor}),",
        f"{mib(machine.memory_bytes)} memory, {machine.system}, Linux {machine.kernel},",
        f"load {machine.load:.1f}.",
        "A poller asks Customer Vault twenty times a second. An outage is the time from the last good answer",
        "of the old release to the first of the new one. While data is copied ahead, 2 % of the rows change.",
    )
    hand = "\n".join(BY_HAND)
    by_hand = f"By hand, in the directory of the new release:\n\n```\n{hand}\n```"
    title = "## Upgrades: how long nobody answers"
    return "\n\n".join((title, about, _targets(cases), _all(cases), _chart(cases), by_hand))


def _targets(cases: Sequence[Case]) -> str:
    smallest, largest = cases[0], max(cases, key=lambda one: one.size.rows_bytes)
    rows = [
        _row(f"outage with {largest.name}", "by hand", largest.median("upgrade") / largest.median("by_hand"),
             AGAINST_BY_HAND),
        _row(f"outage with {largest.name}", f"ours with {smallest.name}",
             largest.median("upgrade") / smallest.median("upgrade"), AGAINST_SMALL),
        _row(f"outage with {smallest.name}", "down and up by hand, without an upgrade",
             smallest.median("upgrade") / smallest.median("restart"), AGAINST_RESTART),
        *(_row(f"answers while {case.name} is copied ahead, 95th percentile", "before",
               case.median("copying95") / max(case.median("calm95"), 1e-4), SLOWER) for case in cases),
    ]  # fmt: skip
    for case in cases:
        off = case.median("estimated") / case.median("upgrade") - 1
        words = f"estimate with {case.name}"
        rows.append([words, "the poller", f"{off:+.0%}", f"within {OFF:.0%}", yes(abs(off) <= OFF)])
    return table(["Measure", "against", "ratio", "target", "reached"], rows)


def _row(measure: str, against: str, ratio: float, limit: float) -> list[str]:
    return [measure, against, f"{ratio:.2f}", f"≤ {limit}", yes(ratio <= limit)]


def _all(cases: Sequence[Case]) -> str:
    names = ("upgrade", "estimated", "back", "by_hand", "restart", "whole")
    headings = [
        "Site",
        "filesystem",
        "outage",
        "estimated",
        "way back",
        "by hand",
        "down and up",
        "whole import",
    ]
    rows = [[one.name, one.filesystem, *(f"{one.median(name):.1f} s" for name in names)] for one in cases]
    return table(headings, rows)


def _chart(cases: Sequence[Case]) -> str:
    """Draws the outages as bars, by hand and ours, one pair for each site."""
    longest = max(case.median("by_hand") for case in cases)
    lines = []
    for case in cases:
        for who in ("by_hand", "upgrade"):
            seconds = case.median(who)
            name = case.name if who == "by_hand" else ""
            label = "by hand" if who == "by_hand" else "Airlock"
            lines.append(
                f"{name:28} {label:8} {'█' * max(1, round(BAR * seconds / longest))} {seconds:.0f} s"
            )
    return "```\n" + "\n".join(lines) + "\n```"
