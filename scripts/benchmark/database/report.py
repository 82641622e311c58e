"""Writes the section on the database in BENCHMARKS.md: machine, tables, commands, method. No side effects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmark.database.measures import MEMORY_LIMIT_BYTES, OURS, Target
from benchmark.database.product import Product
from benchmark.figures import Taken, largest_peak, last_size, ratios, seconds
from benchmark.machine import Machine
from benchmark.markdown import megabytes, mib, paragraph, spread, table, yes

Results = Mapping[str, Sequence[Taken]]
BUSY, TINY_RATIO = 0.5, 0.1
WORDS = {measure.name: measure.words for measure in OURS}


@dataclass(frozen=True)
class Run:
    """The results of a run of `scripts/bench database`."""

    product: Product
    machine: Machine
    docker: str
    server: str  # its version
    command: str
    size_bytes: int
    data_folder_bytes: int
    pairs: int
    restore_pairs: int
    pause_seconds: int
    typed: tuple[str, ...]  # the command lines by hand
    results: Results
    smaller_bytes: int  # the size of a smaller database
    smaller: Results


def section(run: Run) -> str:
    """Returns the text between the marks."""
    targets = ("Measure", "against", "ratio (min–max)", "target", "reached")
    measures = ("Measure", "seconds (min–max)", "our peak memory", "on disk")
    growth = ("Peak memory of our process", mib(run.smaller_bytes), mib(run.size_bytes))
    blocks = (
        f"## {run.product.title}",
        *_heading(run),
        "### Targets",
        table(targets, _target_rows(run)),
        "### All measures",
        table(measures, _measure_rows(run)),
        table(growth, _growth_rows(run)),
        "### Commands by hand",
        "\n".join(("```", *run.typed, "```")),
        _notes(run),
    )
    return "\n\n".join(blocks)


def is_reached(target: Target, results: Results) -> bool:
    """Returns whether the median ratio is within the target."""
    return ratios(results[target.ours], results[target.by_hand]).median <= target.limit


def _heading(run: Run) -> list[str]:
    machine = run.machine
    database = paragraph(
        f"`{run.command}`, {machine.now:%Y-%m-%d %H:%M} UTC. A generated database of",
        f"**{mib(run.size_bytes)}** of data and indexes ({mib(run.data_folder_bytes)} data directory),",
        f"{run.server} with default settings, Docker {run.docker}.",
    )
    described = paragraph(
        f"Machine: {machine.cores} cores ({machine.processor}), {mib(machine.memory_bytes)} memory,",
        f"{machine.disk}, {machine.system}, Linux {machine.kernel}.",
    )
    if machine.load <= BUSY:
        return [database, described]
    busy = f"**Other work ran on this machine** (load {machine.load:.1f}): repeat it on a quiet one."
    return [database, described, busy]


def _target_rows(run: Run) -> list[tuple[str, ...]]:
    rows = (_target_row(target, run.results) for target in run.product.targets)
    return [*rows, _memory_row(run.results)]


def _target_row(target: Target, results: Results) -> tuple[str, ...]:
    found = ratios(results[target.ours], results[target.by_hand])
    return (
        WORDS[target.ours],
        f"`{target.by_hand}`",
        spread(found, 3 if target.limit < TINY_RATIO else 2),
        f"≤ {target.limit:g} ×",
        yes(is_reached(target, results)),
    )


def _memory_row(results: Results) -> tuple[str, ...]:
    peak = max(largest_peak(results[measure.name]) or 0 for measure in OURS)
    limit, reached = f"< {megabytes(MEMORY_LIMIT_BYTES)}", yes(peak < MEMORY_LIMIT_BYTES)
    return "peak memory of our process, all of it", "", megabytes(peak), limit, reached


def _measure_rows(run: Run) -> list[tuple[str, ...]]:
    by_hand = [(f"`{one.name}`", one.name) for one in run.product.by_hand.all]
    words = [*by_hand, *((one.words, one.name) for one in OURS)]
    return [(said, *_measured(run.results[name])) for said, name in words]


def _measured(taken: Sequence[Taken]) -> tuple[str, str, str]:
    left = last_size(taken)
    return spread(seconds(taken), 1), megabytes(largest_peak(taken)), "" if left is None else mib(left)


def _growth_rows(run: Run) -> list[tuple[str, ...]]:
    both = [one for one in OURS if one.name in run.smaller]
    return [
        (one.words, *(megabytes(largest_peak(each[one.name])) for each in (run.smaller, run.results)))
        for one in both
    ]


def _notes(run: Run) -> str:
    return paragraph(
        f"Reads and rollbacks ran {run.pairs} × in turn, the loads {run.restore_pairs} ×; figures are",
        "medians, ratios are of runs in the same turn. Times are wall time of whole commands, including the",
        "start of Python, with compiled bytecode as after an installation; before each, `sync` and",
        f"{run.pause_seconds} s of waiting. All files were in the page cache; each load ran on a freshly",
        "started server. The restore replaces the whole database, without a safety backup. The rollback",
        "starts with a running server and ends when the old one is healthy by its own check.",
    )
