import re
from dataclasses import replace
from datetime import datetime

import pytest

from benchmark.images import measures as m
from benchmark.images.growth import Point, deviation
from benchmark.images.levels import Level
from benchmark.images.report import Run, growth_section, is_reached, section
from benchmark.images.watched import Cost
from benchmark.machine import Machine
from packager.compression import gzip_codec, zstd_codec

MACHINE = Machine(
    2, "Fast CPU", 24 << 30, "ext4 on /dev/vda", "Debian 12", "6.1", 0.1, datetime(2026, 11, 22, 7, 5)
)
BY_HAND = Cost(100, 90, 20_000_000, 1_700_000_000, 10, 1_300_000_000, size_bytes=400_000_000)
OURS = Cost(4, 8, 70_000_000, 400_000_000, 10, 1_300_000_000, size_bytes=40_000_000)
NAMES = (*m.EXPORTS, *m.IMPORTS, *m.FLOORS)


def point(images: int, size_bytes: int, seconds: float) -> Point:
    cost = replace(OURS, seconds=seconds)
    alone = replace(cost, seconds=seconds / 2)
    return Point(images, size_bytes, alone, cost, alone, cost)


def a_run() -> Run:
    """Everything took 100 seconds by hand or by the engine alone, and 4 with Airlock, in 70 MB."""
    return Run(
        machine=MACHINE,
        docker="26.1.5",
        command="scripts/bench images",
        images=4,
        layers=10,
        size_bytes=1_320_000_000,
        pairs=3,
        pause_seconds=1,
        typed=("docker save",),
        results={name: [OURS if name in m.OURS else BY_HAND] * 3 for name in NAMES},
        changed_bytes=35_000_000,
        levels=(Level("isal 2", 1 << 20, 0.296, 549e6),),
        by_size=(point(1, 300, 4), point(4, 1200, 13), point(16, 5000, 51)),
        by_count=(point(1, 300, 4), point(4, 300, 4), point(16, 300, 4)),
    )


def rows_of(text: str, *, after: str) -> list[str]:
    """The rows of the table after a heading of columns."""
    rows = text.partition(after)[2].splitlines()[2:]
    return rows[: rows.index("")]


def test_every_target_is_compared_and_told() -> None:
    rows = rows_of(section(a_run()), after="| Measure | what |")
    delta, memory = 1, 1
    assert len(rows) == len(m.TARGETS) + delta + memory
    assert rows[0] == (
        "| export, `.tar.gz` | time | by hand: `docker save -o`, `tar -czf` | 0.04 | ≤ 0.27 × | yes |"
    )
    assert rows[len(m.TARGETS)] == (
        "| export of a delta (`--since`) | size | its changed layers, packed: 35 MB | 40 MB"
        " | ≤ 1.05 × + 5 MB = 42 MB | yes |"
    )
    assert rows[-1] == "| all of ours | peak memory |  | 70 MB | < 150 MB | yes |"


def test_the_words_beside_the_levels_have_no_figures_but_those_of_the_code() -> None:
    words = section(a_run()).partition("On one core,")[2].partition("\n\n")[0]
    figures = (gzip_codec.LEVEL, zstd_codec.LEVEL, zstd_codec.BLOCK_BYTES >> 20)
    assert re.findall(r"\d[\d.,]*\d|\d", words) == [str(figure) for figure in figures]


def test_what_was_missed_stands_out() -> None:
    results = {**a_run().results, m.GZIP: [replace(OURS, seconds=28, peak_bytes=151_000_000)] * 3}
    slow = replace(a_run(), results=results, changed_bytes=33_000_000)
    missed = [row for row in section(slow).splitlines() if row.endswith("| **no** |")]
    assert [row.split(" | ")[0] for row in missed] == [
        "| export, `.tar.gz`",
        "| export of a delta (`--since`)",
        "| all of ours",
    ]


@pytest.mark.parametrize(("seconds", "reached"), [(27.0, True), (27.1, False)])
def test_a_target_is_reached_up_to_its_limit(seconds: float, reached: bool) -> None:
    results = {m.GZIP: [replace(OURS, seconds=seconds)], m.HAND_EXPORT: [BY_HAND]}
    assert is_reached(m.TARGETS[0], results) is reached


def test_parts_that_were_left_out_are_not_told_of() -> None:
    exports = {name: a_run().results[name] for name in (m.HAND_EXPORT, m.GZIP)}
    part = section(replace(a_run(), results=exports, levels=(), by_size=(), by_count=(), changed_bytes=None))
    headings = [line for line in part.splitlines() if line.startswith("#")]
    assert headings == [
        "## Images",
        "### Targets of the image pipeline",
        "### Cost of each",
        "### Ratio to the same by hand",
        "### Commands by hand",
    ]
    assert len(rows_of(part, after="| Measure | seconds")) == len(exports)


def test_growth_is_compared_with_a_straight_line() -> None:
    crooked = replace(a_run(), by_size=(point(1, 300, 4), point(4, 1200, 30), point(16, 5000, 51)))
    rows = rows_of(growth_section(crooked), after="| Measure | what |")
    assert [row.replace(" | time | a straight line through it", "") for row in rows] == [
        "| export, growing bytes | off by 40% | ≤ 15% | **no** |",
        "| the engine's save alone, growing bytes | off by 40% |  |  |",
        "| import, growing bytes | off by 40% | ≤ 15% | **no** |",
        "| the engine's load alone, growing bytes | off by 40% |  |  |",
        "| export, growing number of images | off by 0% | ≤ 15% | yes |",
        "| the engine's save alone, growing number of images | off by 0% |  |  |",
        "| import, growing number of images | off by 0% | ≤ 15% | yes |",
        "| the engine's load alone, growing number of images | off by 0% |  |  |",
        "| all of ours | peak memory |  | 70 MB | < 150 MB | yes |",
    ]
    points = rows_of(growth_section(crooked) + "\n\n", after="| Images | size |")
    assert points[1] == "| 4 | 0.0 GB | 30.0 s | 15.0 s | 70 MB | 30.0 s | 15.0 s | 70 MB |"


def test_a_machine_with_other_work_is_told_of() -> None:
    busy = replace(a_run(), machine=replace(MACHINE, load=3.2))
    assert "**Other work ran on this machine** (load 3.2)" in section(busy)


@pytest.mark.parametrize(
    ("seconds", "off"),
    [
        ((10, 20, 30), 0.0),
        ((5, 5, 5), 0.0),
        ((10, 23, 30), 3 / 43),  # all three are so far off a line through 10.7, 21.4 and 32.1
        ((10, 15, 50), 1 / 3),
        ((10, 11, 12, 26), 26 / 98),  # 12 lies as far below as 10 and 26 above
    ],
    ids=str,
)
def test_the_deviation_is_that_from_the_line_nearest_to_all(seconds: tuple[float, ...], off: float) -> None:
    assert deviation(range(1, len(seconds) + 1), seconds) == pytest.approx(off)
