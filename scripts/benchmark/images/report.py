"""Writes the section on images in BENCHMARKS.md: machine, targets, tables, method. Has no side effects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmark.images import measures as m
from benchmark.images.growth import Point, deviation
from benchmark.images.levels import Level
from benchmark.images.measures import Target
from benchmark.images.report_tables import (
    Results,
    cost_table,
    growth_table,
    level_table,
    ratio_table,
    ratios,
)
from benchmark.images.turns import PAUSES_BETWEEN_ROUNDS
from benchmark.images.watched import Cost
from benchmark.machine import Machine
from benchmark.markdown import megabytes, mib, paragraph, spread, table, yes
from packager.compression import gzip_codec, zstd_codec

BUSY, TINY_RATIO = 0.5, 0.1
TARGET_HEADINGS = ("Measure", "what", "against", "ratio (min–max)", "target", "reached")
FIGURES: dict[Callable[[Cost], float], str] = {m.wall_time: "time", m.package_size: "size"}


@dataclass(frozen=True)
class Run:
    """The results of a run of `scripts/bench images`. Skipped parts are empty, or None."""

    machine: Machine
    docker: str
    command: str
    images: int
    layers: int
    size_bytes: int  # of the images, each layer once
    pairs: int
    pause_seconds: float
    typed: tuple[str, ...]  # the command lines by hand
    results: Results
    changed_bytes: int | None  # packed layers that the next version has and this one has not
    levels: tuple[Level, ...]
    by_size: tuple[Point, ...]
    by_count: tuple[Point, ...]


def section(run: Run) -> str:
    """Returns the section on packing and loading these images."""
    rows = [*_target_rows(run), *_delta_row(run), _memory_row(_all_costs(run.results))]
    blocks = [
        "## Images",
        *_heading(
            run,
            f"{run.images} images of Debian packages over one base, **{run.size_bytes / 1e9:.2f} GB** in",
            f"{run.layers} layers: web server, database, applications on Node.js and Python, thousands of",
            "small files. The next version changes their own layers.",
        ),
        "### Targets of the image pipeline",
        table(TARGET_HEADINGS, rows),
        "### Cost of each",
        cost_table(run.results),
        "### Ratio to the same by hand",
        ratio_table(run.results),
        *_levels(run),
        "### Commands by hand",
        "\n".join(("```", *run.typed, "```")),
        _notes(run),
    ]
    return "\n\n".join(blocks)


def growth_section(run: Run) -> str:
    """Returns the section on the growth of the cost."""
    points = (*run.by_size, *run.by_count)
    costs = [cost for point in points for cost in (point.export, point.import_)]
    rows = [
        *_linear_rows("bytes", run.by_size, [point.size_bytes for point in run.by_size]),
        *_linear_rows("number of images", run.by_count, [point.images for point in run.by_count]),
        _memory_row(costs),
    ]
    blocks = [
        "## Images: growth",
        *_heading(
            run, "Images of a web server and a Python application on Debian, thousands of small files."
        ),
        table(TARGET_HEADINGS, rows),
        growth_table(points),
        paragraph(
            f"Each was measured {run.pairs} ×, the largest load and import once; figures are medians. The",
            "images have the same files: in separate layers where their bytes grow, in the same layers where",
            "only their number grows. They are saved from one engine and loaded into another, which has none",
            "of their layers. *Off by* is the largest relative deviation from the best straight line.",
        ),
    ]
    return "\n\n".join(blocks)


def is_reached(target: Target, results: Results) -> bool:
    """Returns whether the median ratio is within the target."""
    return ratios(results[target.ours], results[target.other], target.figure).median <= target.limit


def _heading(run: Run, *images: str) -> list[str]:
    """Returns date, images, version and machine of the run."""
    machine = run.machine
    measured = paragraph(
        f"`{run.command}`, {machine.now:%Y-%m-%d %H:%M} UTC.",
        *images,
        f"Docker {run.docker}, classic image store.",
    )
    described = paragraph(
        f"Machine: {machine.cores} cores ({machine.processor}), {mib(machine.memory_bytes)} memory,",
        f"{machine.disk}, {machine.system}, Linux {machine.kernel}.",
    )
    if machine.load <= BUSY:
        return [measured, described]
    busy = f"**Other work ran on this machine** (load {machine.load:.1f}): repeat it on a quiet one."
    return [measured, described, busy]


def _target_rows(run: Run) -> list[tuple[str, ...]]:
    taken = run.results.keys()
    return [_target_row(one, run.results) for one in m.TARGETS if {one.ours, one.other} <= taken]


def _target_row(target: Target, results: Results) -> tuple[str, ...]:
    found = ratios(results[target.ours], results[target.other], target.figure)
    return (
        target.ours,
        FIGURES[target.figure],
        target.other,
        spread(found, 3 if target.limit < TINY_RATIO else 2),
        f"≤ {target.limit:g} ×",
        yes(is_reached(target, results)),
    )


def _delta_row(run: Run) -> list[tuple[str, ...]]:
    """Returns the target of a delta: 1.05 × its changed layers, packed, and the installer."""
    if m.DELTA not in run.results or run.changed_bytes is None:
        return []
    size_bytes = run.results[m.DELTA][-1].size_bytes or 0
    allowed = 1.05 * run.changed_bytes + m.INSTALLER_BYTES
    packed = f"its changed layers, packed: {megabytes(run.changed_bytes)}"
    target = f"≤ 1.05 × + 5 MB = {megabytes(round(allowed))}"
    return [(m.DELTA, "size", packed, megabytes(size_bytes), target, yes(size_bytes <= allowed))]


def _all_costs(results: Results) -> list[Cost]:
    return [cost for name in m.OURS for cost in results.get(name, ())]


def _memory_row(costs: Sequence[Cost]) -> tuple[str, ...]:
    peak = max((cost.peak_bytes for cost in costs), default=0)
    limit, reached = f"< {megabytes(m.MEMORY_LIMIT_BYTES)}", yes(peak < m.MEMORY_LIMIT_BYTES)
    return "all of ours", "peak memory", "", megabytes(peak), limit, reached


def _linear_rows(what: str, points: Sequence[Point], xs: Sequence[float]) -> list[tuple[str, ...]]:
    """Returns the linearity of Airlock's growth, and of the engine's share, which has no target."""
    if not points:
        return []
    limit = f"≤ {m.LINEAR_WITHIN:.0%}"
    rows: list[tuple[str, ...]] = []
    for name, costs, is_ours in (
        ("export", [point.export for point in points], True),
        ("the engine's save alone", [point.save for point in points], False),
        ("import", [point.import_ for point in points], True),
        ("the engine's load alone", [point.load for point in points], False),
    ):
        off = deviation(xs, [cost.seconds for cost in costs])
        target = (limit, yes(off <= m.LINEAR_WITHIN)) if is_ours else ("", "")
        rows.append(
            (f"{name}, growing {what}", "time", "a straight line through it", f"off by {off:.0%}", *target)
        )
    return rows


def _levels(run: Run) -> list[str]:
    if not run.levels:
        return []
    chosen = paragraph(
        "On one core, with Debian's base and JavaScript libraries. A package uses libdeflate",
        f"{gzip_codec.LEVEL}, the fastest compressor that always gave the same bytes: isal is faster, but",
        "sometimes gave different bytes for the same block. zlib and zstd always gave the same bytes.",
        f"With zstd, a package uses level {zstd_codec.LEVEL} in blocks of",
        f"{mib(zstd_codec.BLOCK_BYTES)}, which every reader can handle.",
    )
    return ["### Levels", level_table(run.levels), chosen]


def _notes(run: Run) -> str:
    return paragraph(
        f"Measured {run.pairs} × in turn; a single figure was measured once. The after-effects of a command,",
        "such as a busy disk, slow down the next: so in six rounds, each export directly follows each other",
        f"one once, with {PAUSES_BETWEEN_ROUNDS * run.pause_seconds:g} s between the rounds, and every other",
        "round of the imports runs in reverse order.",
        "Figures are medians, ratios are of runs in the same turn. Times are of whole commands, including",
        "the start of Python, with compiled bytecode as after an installation; before each, `sync` and",
        f"{run.pause_seconds:g} s of waiting. An import here is the part of `airlock import` that loads the",
        "images: it unpacks and verifies the package, loads and checks the images, and starts nothing. It",
        "uses another engine than the exports; before it, the images and their layers were removed from that",
        "engine, before the import of a delta only those of the next version. Processor time is that of the",
        "command and its children, memory that of its largest process, *written* the bytes they wrote to the",
        "disk. All files read were in the page cache.",
    )
