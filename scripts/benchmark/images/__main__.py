"""Runs `scripts/bench images`, on the server where it is started."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmark.document import put_section
from benchmark.images import growth, levels
from benchmark.images.measures import LINES
from benchmark.images.releases import every_layer, release, size_bytes
from benchmark.images.report import Run, growth_section, section
from benchmark.images.taking import NEXT, NOW, ImageBench
from benchmark.machine import this_machine
from benchmark.sources import compile_sources
from installer.system.clock import utc_now
from installer.system.docker.docker import Engine
from testbed.problem import TestbedProblem
from testbed.signals import end_cleanly_when_told

PARTS = ("levels", "export", "import", "growth")
QUICK = slice(1, 3)  # the web server and an application: 0.6 GB in 6 layers


def main(words: Sequence[str]) -> None:
    asked = arguments(words)
    end_cleanly_when_told()
    with _folder(os.environ.get("TMPDIR", "/var/tmp")) as work, _folder("/dev/shm") as memory:
        versions = {NOW: release(1), NEXT: release(2)}
        if asked.quick:
            versions = {version: images[QUICK] for version, images in versions.items()}
        bench = ImageBench(versions, work, memory, asked.pause, _tell)
        run = _measure(asked, " ".join(("scripts/bench images", *words)), bench)
    if run.results or run.levels:
        _write(asked.output, "images", section(run))
    if run.by_size:
        _write(asked.output, "images --only growth", growth_section(run))
    _tell(f"Written to {asked.output}.")


def _write(output: Path, name: str, text: str) -> None:
    put_section(output, name, text)
    print(text)


def _measure(asked: argparse.Namespace, command: str, bench: ImageBench) -> Run:
    _tell("Making the images …")
    machine = this_machine(bench.work, utc_now())
    compile_sources()
    wanted = set(asked.only or PARTS)
    chosen = levels.measured(levels.all_ways()) if "levels" in wanted else ()
    if wanted & {"export", "import"}:
        bench.prepare()
        bench.export(asked.pairs if "export" in wanted else 1)
    if "import" in wanted:
        bench.take_over(asked.pairs)
    grown = growth.by_size(bench, asked.pairs, large=not asked.quick) if "growth" in wanted else ()
    counted = growth.by_count(bench, asked.pairs) if grown else ()
    return Run(
        machine=machine,
        docker=Engine.connect().version().version,
        command=command,
        images=len(bench.now),
        layers=len(every_layer(bench.now)),
        size_bytes=size_bytes(bench.now),
        pairs=asked.pairs,
        pause_seconds=asked.pause,
        typed=tuple(bench.typed(name) for name in LINES),
        results=bench.results,
        changed_bytes=bench.changed_bytes if bench.results else None,
        levels=chosen,
        by_size=grown,
        by_count=counted,
    )


@contextmanager
def _folder(parent: str) -> Iterator[Path]:
    """Yields a folder that is deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="airlock-bench-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench images", description=__doc__)
    parser.add_argument("--pairs", type=int, default=3, help="number of runs of each measure (default: 3)")
    parser.add_argument("--pause", type=float, default=1, help="seconds to wait before each (default: 1)")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="measure only this part; can be repeated"
    )
    parser.add_argument(
        "--quick", action="store_true", help="use only 2 of the 4 images, and growth to 1.2 GB"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("BENCHMARKS.md"), help="the report (default: BENCHMARKS.md)"
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except TestbedProblem as problem:
        sys.exit(str(problem))
