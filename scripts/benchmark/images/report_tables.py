"""Builds the tables of the section on images. Has no side effects."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from benchmark.figures import Spread
from benchmark.images import measures as m
from benchmark.images.growth import Point
from benchmark.images.levels import Level
from benchmark.images.watched import Cost
from benchmark.markdown import megabytes, mib, spread, table

Results = Mapping[str, Sequence[Cost]]
BY_HAND = {
    **dict.fromkeys(m.EXPORTS[1:], m.HAND_EXPORT),
    **dict.fromkeys(m.IMPORTS[1:], m.HAND_IMPORT),
}


def ratios(ours: Sequence[Cost], others: Sequence[Cost], figure: Callable[[Cost], float]) -> Spread:
    """Returns Airlock's figures divided by the others', in pairs of runs, or by their median if unequal."""
    theirs = [figure(one) for one in others]
    if len(ours) != len(theirs):
        theirs = [median(theirs)] * len(ours)
    return Spread.of([figure(one) / other for one, other in zip(ours, theirs, strict=True)])


def cost_table(results: Results) -> str:
    """Returns every measure in its own units."""
    headings = ("Measure", "seconds (min–max)", "CPU s", "engine's CPU s", "peak memory", "written",
                "by the engine", "package")  # fmt: skip
    names = [name for name in (*m.EXPORTS, *m.IMPORTS, *m.FLOORS) if name in results]
    return table(headings, [_cost_row(name, results[name]) for name in names])


def ratio_table(results: Results) -> str:
    """Returns the measures as ratios to the work by hand."""
    headings = ("Measure", "time", "CPU, with the engine's", "peak memory", "written", "size")
    names = [name for name, other in BY_HAND.items() if {name, other} <= results.keys()]
    return table(headings, [_ratio_row(name, results[name], results[BY_HAND[name]]) for name in names])


def growth_table(points: Sequence[Point]) -> str:
    """Returns a row for each number of images and bytes."""
    headings = ("Images", "size", "export", "engine's save alone", "peak memory", "import",
                "engine's load alone", "peak memory")  # fmt: skip
    return table(headings, [_growth_row(point) for point in points])


def level_table(levels: Sequence[Level]) -> str:
    """Returns the compressors on real layers."""
    rows = [
        (one.name, mib(one.block_bytes), f"{one.bytes_per_second / 1e6:.0f} MB/s", f"{one.ratio:.3f}")
        for one in levels
    ]
    return table(("Compressor and level", "blocks of", "speed", "size"), rows)


def _cost_row(name: str, costs: Sequence[Cost]) -> tuple[str, ...]:
    size_bytes = costs[-1].size_bytes
    return (
        name,
        spread(Spread.of([one.seconds for one in costs]), 1),
        f"{median(one.cpu_seconds for one in costs):.1f}",
        f"{median(one.engine_cpu_seconds for one in costs):.1f}",
        megabytes(max(one.peak_bytes for one in costs)),
        megabytes(max(one.written_bytes for one in costs)),
        megabytes(max(one.engine_written_bytes for one in costs)),
        megabytes(size_bytes),
    )


def _ratio_row(name: str, ours: Sequence[Cost], others: Sequence[Cost]) -> tuple[str, ...]:
    def found(figure: Callable[[Cost], float]) -> str:
        return f"{ratios(ours, others, figure).median:.2f}"

    return (
        name,
        found(m.wall_time),
        found(lambda cost: cost.cpu_seconds + cost.engine_cpu_seconds),
        found(lambda cost: cost.peak_bytes),
        found(lambda cost: cost.written_bytes),
        found(m.package_size) if ours[0].size_bytes and others[0].size_bytes else "",
    )


def _growth_row(point: Point) -> tuple[str, ...]:
    return (
        str(point.images),
        f"{point.size_bytes / 1e9:.1f} GB",
        f"{point.export.seconds:.1f} s",
        f"{point.save.seconds:.1f} s",
        megabytes(point.export.peak_bytes),
        f"{point.import_.seconds:.1f} s",
        f"{point.load.seconds:.1f} s",
        megabytes(point.import_.peak_bytes),
    )
