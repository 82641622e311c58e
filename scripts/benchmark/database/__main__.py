"""Runs `scripts/bench database`, on the server where it is started."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmark.database.measures import SMALLER
from benchmark.database.products import PRODUCTS
from benchmark.database.report import Results, Run, section
from benchmark.database.site import BenchSite, running_site
from benchmark.database.taking import Bench
from benchmark.document import put_section
from benchmark.machine import this_machine
from benchmark.markdown import mib
from benchmark.sources import compile_sources
from installer.system.clock import utc_now
from installer.system.files.files import size_of_tree
from testbed.problem import TestbedProblem
from testbed.signals import end_cleanly_when_told

SMALLER_PART = 8


def main(words: Sequence[str]) -> None:
    asked = arguments(words)
    end_cleanly_when_told()
    with _work() as work:
        written = section(_measure(asked, " ".join(("scripts/bench database", *words)), work))
    put_section(asked.output, PRODUCTS[asked.engine].section, written)
    print(written)
    _tell(f"Written to {asked.output}.")


def _measure(asked: argparse.Namespace, command: str, work: Path) -> Run:
    machine = this_machine(work, utc_now())
    compile_sources()
    smaller_bytes, smaller = _smaller(work, asked)
    with running_site(work / "airlock-bench", asked.engine) as site:
        size_bytes, bench = _fill(site, asked.size), Bench(site, asked.pause, _tell)
        bench.read(asked.pairs)
        bench.roll_back(asked.pairs)
        bench.load(asked.restore_pairs)
        return Run(
            product=site.product,
            machine=machine,
            docker=site.engine.version().version,
            server=site.product.version(site.address()),
            command=command,
            size_bytes=size_bytes,
            data_folder_bytes=size_of_tree(site.data),
            pairs=asked.pairs,
            restore_pairs=asked.restore_pairs,
            pause_seconds=asked.pause,
            typed=tuple(bench.typed(one) for one in site.product.by_hand.all),
            results=bench.results,
            smaller_bytes=smaller_bytes,
            smaller=smaller,
        )


def _smaller(work: Path, asked: argparse.Namespace) -> tuple[int, Results]:
    """Measures Airlock once on a smaller database, to find whether memory grows with the size."""
    with running_site(work / "airlock-small", asked.engine) as site:
        size_bytes, bench = _fill(site, asked.size // SMALLER_PART), Bench(site, asked.pause, _tell)
        for measure in SMALLER:
            bench.take(measure)
    return size_bytes, bench.results


def _fill(site: BenchSite, wanted_bytes: int) -> int:
    """Generates a database, resets the server to default settings, and returns the size."""
    _tell(f"Generating a database of {mib(wanted_bytes)} …")
    site.product.generate(site.address(), wanted_bytes)
    site.restart()
    return site.product.size_bytes(site.address())


@contextmanager
def _work() -> Iterator[Path]:
    """Yields a folder that is deleted afterwards; by default not in /tmp, which may be in memory."""
    work = Path(tempfile.mkdtemp(prefix="airlock-bench-", dir=os.environ.get("TMPDIR", "/var/tmp")))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench database", description=__doc__)
    parser.add_argument(
        "--engine", choices=PRODUCTS, default="mariadb", help="database server (default: mariadb)"
    )
    parser.add_argument(
        "--size", type=size_in_bytes, default="2G", help="size of data and indexes (default: 2G)"
    )
    parser.add_argument("--pairs", type=int, default=3, help="number of runs of each measure (default: 3)")
    parser.add_argument(
        "--restore-pairs", type=int, default=1, help="number of loads of the dump (default: 1)"
    )
    parser.add_argument(
        "--pause", type=int, default=2, help="seconds to wait before each measure (default: 2)"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("BENCHMARKS.md"), help="the report (default: BENCHMARKS.md)"
    )
    return parser.parse_args(words)


def size_in_bytes(text: str) -> int:
    """Returns the bytes of a size such as `512M` or `2G`."""
    units = {"M": 2**20, "G": 2**30}
    if text[-1:] not in units or not text[:-1].isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 512M or 2G")
    return int(text[:-1]) * units[text[-1]]


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except TestbedProblem as problem:
        sys.exit(str(problem))
