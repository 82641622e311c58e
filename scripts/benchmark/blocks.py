"""Implements `scripts/bench blocks`: checks that equal content gives equal bytes in new processes under load.

A fault that depends on the content of fresh memory shows only in the first blocks of a process, so each
process packs a few and ends. More threads than processors keep the machine busy.
"""

import argparse
import hashlib
import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmark.document import put_section
from benchmark.images import layers
from benchmark.images.levels import MIB, SAMPLE, blocks_of, isal, libdeflate
from benchmark.machine import Machine, this_machine
from benchmark.markdown import paragraph, table
from installer.system.clock import utc_now
from packager.compression.gzip_codec import LEVEL
from testbed.problem import TestbedProblem
from testbed.signals import end_cleanly_when_told

BLOCKS_OF_A_PROCESS = 100
THREADS = 8
WAYS: dict[str, Callable[[bytes], bytes]] = {
    f"libdeflate {LEVEL}": libdeflate(LEVEL),
    "isal 2": isal(2),
}


@dataclass(frozen=True)
class Sameness:
    """The blocks that new processes packed in one way; `different` ones lack the commonest bytes."""

    way: str
    blocks: int
    processes: int
    different: int
    seconds: float


def main(words: Sequence[str]) -> None:
    asked = arguments(words)
    end_cleanly_when_told()
    machine = this_machine(Path.cwd(), utc_now())
    for layer in SAMPLE:
        layers.layer_file(layer)
    found = [measured(way, asked.blocks) for way in asked.way or WAYS]
    written = section(machine, " ".join(("scripts/bench blocks", *words)), found)
    put_section(asked.output, "blocks", written)
    print(written)


def measured(way: str, blocks: int) -> Sameness:
    """Packs `blocks` blocks in new processes, as many at a time as there are processors."""
    began, processes = time.monotonic(), -(-blocks // BLOCKS_OF_A_PROCESS)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as runners:
        answers = list(runners.map(lambda _number: _new_process(way), range(processes)))
    different = sum(_different(of_block) for of_block in zip(*answers, strict=True))
    return Sameness(way, sum(map(len, answers)), processes, different, time.monotonic() - began)


def _different(digests: Sequence[str]) -> int:
    """Returns how many differ from the most common one."""
    return len(digests) - max(Counter(digests).values())


def _new_process(way: str) -> list[str]:
    words = (sys.executable, "-m", "benchmark.blocks", "--digests-of", way)
    return list(json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout))


def digests(way: str) -> list[str]:
    """Returns the digests of the sample's blocks, packed in parallel."""
    pack = WAYS[way]
    sample = [layers.layer_file(layer) for layer in SAMPLE]
    blocks = itertools.islice(blocks_of(sample, MIB), BLOCKS_OF_A_PROCESS)
    with ThreadPoolExecutor(THREADS) as packers:
        return list(packers.map(lambda block: hashlib.sha256(pack(block)).hexdigest(), blocks))


def section(machine: Machine, command: str, found: Sequence[Sameness]) -> str:
    """Returns the section for BENCHMARKS.md."""
    rows = [
        (one.way, f"{one.blocks:,}", f"{one.processes:,}", f"{one.different:,}", f"{one.seconds:.0f} s")
        for one in found
    ]
    words = paragraph(
        f"A package uses libdeflate {LEVEL}.",
        f"The same {BLOCKS_OF_A_PROCESS} blocks of 1 MiB are packed repeatedly: each process is new, packs",
        f"each block once in {THREADS} threads, and ends; as many run at a time as there are processors",
        f"({machine.cores}). A block is different if its bytes differ from those of most processes.",
        f"Measured on {machine.now:%Y-%m-%d} with `{command}`; {machine.processor}, {machine.system},",
        f"kernel {machine.kernel}; load before the run {machine.load:.1f}.",
    )
    headings = ("Way", "blocks", "processes", "different", "time")
    return "\n\n".join(("## Blocks: the same content, the same bytes", table(headings, rows), words))


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench blocks", description=__doc__)
    parser.add_argument("--blocks", type=int, default=100_000, help="blocks per way (default: 100000)")
    parser.add_argument("--way", action="append", choices=WAYS, help="measure only this way; can be repeated")
    parser.add_argument("--digests-of", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument(
        "--output", type=Path, default=Path("BENCHMARKS.md"), help="the report (default: BENCHMARKS.md)"
    )
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        asked_way = arguments(sys.argv[1:]).digests_of
        print(json.dumps(digests(asked_way))) if asked_way else main(sys.argv[1:])
    except TestbedProblem as problem:
        sys.exit(str(problem))
