from dataclasses import replace
from datetime import datetime

import pytest

from benchmark.database.mariadb.server import MARIADB
from benchmark.database.measures import OURS, SMALLER, Target
from benchmark.database.product import Product
from benchmark.database.products import PRODUCTS
from benchmark.database.report import Run, is_reached, section
from benchmark.figures import Spread, Taken
from benchmark.machine import Machine
from benchmark.markdown import mib, paragraph, spread, table

MACHINE = Machine(
    2, "Fast CPU", 24 << 30, "ext4 on /dev/vda", "Debian 12", "6.1", 0.1, datetime(2026, 11, 22, 7, 5)
)
BY_HAND_SECONDS, OURS_SECONDS = 100.0, 1.5


def a_run(product: Product = MARIADB) -> Run:
    """Everything took 100 seconds by hand and 1.5 with Airlock, in 80 MB."""
    by_hand = {one.name: [Taken(BY_HAND_SECONDS, disk_bytes=1 << 30)] for one in product.by_hand.all}
    ours = {one.name: [Taken(OURS_SECONDS, 80_000_000, 3 << 20)] * 3 for one in OURS}
    return Run(
        product=product,
        machine=MACHINE,
        docker="26.1.5",
        server="10.11.19-MariaDB",
        command="scripts/bench database",
        size_bytes=2 << 30,
        data_folder_bytes=3 << 30,
        pairs=3,
        restore_pairs=1,
        pause_seconds=2,
        typed=("docker exec db mysqldump | gzip",),
        results={**by_hand, **ours},
        smaller_bytes=256 << 20,
        smaller={one.name: [Taken(1, 79_000_000)] for one in SMALLER},
    )


def lines_of(text: str, *, after: str) -> list[str]:
    """The rows of the table after a heading of columns."""
    rows = text.partition(after)[2].splitlines()[2:]
    return rows[: rows.index("")]


def test_every_target_is_compared_and_told() -> None:
    rows = lines_of(section(a_run()), after="| Measure | against |")
    assert len(rows) == len(MARIADB.targets) + 1
    assert rows[1] == (
        "| rollback to untouched files: stop, swap, start, healthy | `mysql <` | 0.015 | ≤ 0.02 × | yes |"
    )
    assert rows[2].startswith(
        "| compressed logical backup, fingerprinted and verified | `mysqldump \\| gzip` | 0.01 "
    )
    assert rows[-1] == "| peak memory of our process, all of it |  | 80 MB | < 150 MB | yes |"


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_target_and_every_measure_of_a_product_has_its_row(name: str) -> None:
    product = PRODUCTS[name]
    written = section(a_run(product))
    targets = lines_of(written, after="| Measure | against |")
    measures = lines_of(written, after="| Measure | seconds")
    assert written.startswith(f"## {product.title}\n")
    assert len(targets) == len(product.targets) + 1
    assert len(measures) == len(product.by_hand.all) + len(OURS)


def test_a_target_that_was_missed_stands_out() -> None:
    slow = replace(a_run(), results={**a_run().results, "restore": [Taken(51, 151_000_000)]})
    rows = lines_of(section(slow), after="| Measure | against |")
    assert [row for row in rows if "**no**" in row] == [
        "| logical restore, exact: verified, loaded, compared | `mysql <` | 0.51 | ≤ 0.5 × | **no** |",
        "| peak memory of our process, all of it |  | 151 MB | < 150 MB | **no** |",
    ]


def test_a_target_is_reached_by_the_median() -> None:
    results = {"mine": [Taken(1), Taken(2), Taken(9)], "theirs": [Taken(1)]}
    assert is_reached(Target("mine", "theirs", 2.0), results)
    assert not is_reached(Target("mine", "theirs", 1.9), results)


def test_every_measure_has_its_row() -> None:
    rows = lines_of(section(a_run()), after="| Measure | seconds")
    assert len(rows) == len(MARIADB.by_hand.all) + len(OURS)
    assert rows[0] == "| `mysqldump` | 100.0 |  | 1.0 GiB |"
    assert rows[-1] == "| quick fingerprint (definitions, no rows) | 1.5 | 80 MB | 3 MiB |"


def test_memory_stands_beside_that_of_a_smaller_database() -> None:
    rows = lines_of(section(a_run()), after="| Peak memory of our process | 256 MiB | 2.0 GiB |")
    assert rows[0] == "| compressed logical backup, fingerprinted and verified | 79 MB | 80 MB |"


def test_the_machine_is_described_and_a_busy_one_called_so() -> None:
    quiet, busy = section(a_run()), section(replace(a_run(), machine=replace(MACHINE, load=4.0)))
    for fact in ("2 cores (Fast CPU)", "24.0 GiB", "ext4 on /dev/vda", "Linux 6.1", "2026-11-22 07:05 UTC"):
        assert fact in quiet
    assert "Other work" not in quiet
    assert "**Other work ran on this machine** (load 4.0)" in busy


@pytest.mark.parametrize("bytes_, said", [(1 << 20, "1 MiB"), (1023 << 20, "1023 MiB"), (3 << 29, "1.5 GiB")])
def test_sizes_are_for_people(bytes_: int, said: str) -> None:
    assert mib(bytes_) == said


def test_a_spread_shows_extremes_only_where_there_are_any() -> None:
    assert spread(Spread(1, 1, 1), 2) == "1.00"
    assert spread(Spread(1.25, 1, 2), 1) == "1.2 (1.0–2.0)"


def test_a_table_keeps_bars_in_their_cells_and_a_paragraph_its_words() -> None:
    assert table(("a", "b"), [("x | y", "")]) == "| a | b |\n| --- | --- |\n| x \\| y |  |"
    assert paragraph("one", "x" * 200, "two-three").split() == ["one", "x" * 200, "two-three"]
