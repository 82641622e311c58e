"""Implements `scripts/bench lint`: measures the lint of many migrations, and of one with many rows."""

import argparse
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from benchmark.document import put_section
from benchmark.figures import Spread
from benchmark.machine import this_machine
from benchmark.markdown import paragraph, spread, table, yes
from installer.bundle.sql.migrations import Migration
from packager.lint.report import lint

REPORT = Path("BENCHMARKS.md")
RUNS = 5
MIGRATIONS, ROWS = 100, 20_000
SCRIPT = """\
-- CreateTable
CREATE TABLE `t{n}` (
    `id` INTEGER NOT NULL AUTO_INCREMENT, `name` VARCHAR(191) NOT NULL, `email` VARCHAR(191) NULL,
    `made_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), `kind` ENUM('a', 'b') NOT NULL DEFAULT 'a',
    `before_id` INTEGER NULL,
    UNIQUE INDEX `t{n}_email_key`(`email`), INDEX `t{n}_name_idx`(`name`), PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
-- AlterTable
ALTER TABLE `t{n}` ADD COLUMN `c` INTEGER NULL, MODIFY `name` VARCHAR(255) NOT NULL, DROP COLUMN `made_at`;
CREATE INDEX `t{n}_c_idx` ON `t{n}`(`c`);
INSERT INTO `t{n}` (`name`, `before_id`) VALUES ('a', 1), ('b', NULL);
UPDATE `t{n}` SET `name` = 'c' WHERE `id` = 1;
ALTER TABLE `t{n}` ADD CONSTRAINT `t{n}_fkey` FOREIGN KEY (`before_id`) REFERENCES `t{n}`(`id`)
    ON DELETE SET NULL;
"""


def main() -> None:
    """Measures, prints, and writes the section of the report."""
    parser = argparse.ArgumentParser(prog="scripts/bench lint", description=__doc__)
    parser.add_argument("--output", type=Path, default=REPORT, help="the report (default: BENCHMARKS.md)")
    output = parser.parse_args().output
    machine = this_machine(Path(), datetime.now(timezone.utc))
    lint(many(1))  # runs the one-time imports
    measures = (
        (f"lint of {MIGRATIONS} migrations", 2.0, lambda: lint(many(MIGRATIONS))),
        (f"lint of one INSERT of {ROWS:,} rows", 1.0, lambda: lint(long(ROWS))),
    )
    rows = [[words, spread(took, 2), f"< {most:.0f} s", yes(took.median < most)] for words, most, took in (
        (words, most, taken(run)) for words, most, run in measures
    )]  # fmt: skip
    figures = table(["Measure", "processor seconds (min–max)", "target", "reached"], rows)
    here = f"{machine.cores} cores ({machine.processor}), load {machine.load:.1f}"
    now = f"{machine.now:%Y-%m-%d %H:%M} UTC"
    about = paragraph(f"`scripts/bench lint`, {now}, {here}. Each {RUNS} ×, without the start of Python.")
    put_section(output, "lint", f"## Lint\n\n{about}\n\n{figures}")
    print(figures)


def taken(run: Callable[[], object]) -> Spread:
    """Measures the processor time of some runs: the lint never waits, and other work has no influence."""
    figures = []
    for _ in range(RUNS):
        begun = time.process_time()
        run()
        figures.append(time.process_time() - begun)
    return Spread.of(figures)


def many(count: int) -> tuple[Migration, ...]:
    """Returns migrations as Prisma writes them, each with its own table."""
    return tuple(Migration(f"{n:014}_t", SCRIPT.replace("{n}", str(n)).encode()) for n in range(count))


def long(rows: int) -> tuple[Migration, ...]:
    """Returns one migration that fills a table."""
    values = ",\n".join(
        f"({n}, 'user{n}@example.org', 'It''s number {n}; really', {n / 7:.2f}, NULL)" for n in range(rows)
    )
    table = "CREATE TABLE u (id INT PRIMARY KEY, e VARCHAR(90), t TEXT, d DECIMAL(10, 2), x INT);"
    return (Migration("1_fill", f"{table}\nINSERT INTO u VALUES\n{values};\n".encode()),)


if __name__ == "__main__":
    main()
