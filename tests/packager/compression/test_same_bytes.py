"""The same block gives the same bytes in every process, on every thread, wherever it lies in memory.

Each process starts anew, since that is how exports come; its blocks lie elsewhere in memory than another's.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKS = """
import hashlib, os, random, sys
from concurrent.futures import ThreadPoolExecutor
from packager.compression.gzip_codec import GzipCodec

dice = random.Random(7)
words = [dice.randbytes(dice.randrange(2, 12)) for _ in range(3000)]
text = b"".join(dice.choices(words, k=60_000)) + dice.randbytes(20_000)
garbage = random.Random(os.getpid())

def block(number):
    at = number * 7919 % (len(text) - 40_000)
    return text[at : at + 1 + number * 37 % 40_000]

def packed(number):
    pressed = [bytearray(garbage.randrange(1, 300_000)) for _ in range(3)]
    return hashlib.sha256(GzipCodec().pack(block(number)) + b"" * len(pressed)).digest()

with ThreadPoolExecutor(8) as threads:
    digests = threads.map(packed, range(int(sys.argv[1])))
    print(hashlib.sha256(b"".join(digests)).hexdigest())
"""


def outcomes(processes: int, blocks: int) -> Counter[str]:
    """What so many processes make of the same blocks, two processes at a time."""
    words = (sys.executable, "-c", PACKS, str(blocks))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found: Counter[str] = Counter()
    for _ in range(processes // 2):
        pair = [subprocess.Popen(words, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
        found.update(one.communicate()[0].decode().strip() for one in pair)
    return found


def test_two_processes_make_the_same_bytes() -> None:
    assert list(outcomes(2, 300).values()) == [2]


@pytest.mark.long
def test_fifty_processes_make_the_same_bytes_of_a_hundred_thousand_blocks() -> None:
    assert list(outcomes(50, 2000).values()) == [50]
