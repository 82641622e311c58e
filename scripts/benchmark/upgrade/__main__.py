"""Runs `scripts/bench upgrade`, on the server where it is started."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmark.document import put_section
from benchmark.machine import this_machine
from benchmark.upgrade.report import Case, section
from benchmark.upgrade.taking import take
from benchmark.upgrade.vault import Packages, Size, installed
from installer.system.clock import utc_now
from testbed.command import output_of
from testbed.signals import end_cleanly_when_told

GIB = 1024**3
SIZES = {
    "0.2": ("0.2 GiB of rows", Size(GIB // 5, 100, 10 * 1024**2)),
    "2": ("2 GiB of rows", Size(2 * GIB, 100, 10 * 1024**2)),
    "5": ("5 GiB of rows", Size(5 * GIB, 100, 10 * 1024**2)),
    "files": ("2 GiB in 20,000 files", Size(GIB // 5, 20_000, 2 * GIB)),
}
REFLINK = "xfs"  # with reflink
DISK_BYTES = 30 * GIB
CLEAN_UP = (
    "docker ps -aq | xargs -r docker rm -f; docker network prune -f; docker volume ls -q | xargs -r docker"
    " volume rm"
)


def main(words: Sequence[str]) -> None:
    asked = arguments(words)
    end_cleanly_when_told()
    cases = []
    with _folder(os.environ.get("TMPDIR", "/var/tmp")) as work:
        machine = this_machine(work, utc_now())
        packages = Packages(work / "packages")
        packages.folder.mkdir()
        packages.make()
        for filesystem in asked.filesystem:
            for name in asked.only:
                title, size = SIZES[name]
                taken = []
                for _run in range(asked.runs):
                    with _disk(work, filesystem) as place:
                        _tell(f"{title}, {filesystem}: making the site …")
                        taken.append(take(installed(packages, place, size), _tell))
                    subprocess.run(("sh", "-c", CLEAN_UP), check=False, capture_output=True)
                cases.append(Case(title, size, filesystem, tuple(taken)))
    text = section(cases, " ".join(("scripts/bench upgrade", *words)), machine)
    put_section(asked.output, "upgrade", text)
    print(text)


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench upgrade", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=SIZES, default=list(SIZES), help="these sites only")
    parser.add_argument(
        "--filesystem", nargs="+", choices=("ext4", REFLINK), default=["ext4"],
        help="where the site lies; xfs shares blocks (default: ext4)",
    )  # fmt: skip
    parser.add_argument("--runs", type=int, default=1, help="how often each is measured (default: 1)")
    parser.add_argument("--output", type=Path, default=Path("BENCHMARKS.md"))
    return parser.parse_args(words)


@contextmanager
def _disk(work: Path, filesystem: str) -> Iterator[Path]:
    """Yields a folder on the filesystem: that of the work, or one in a file with holes."""
    with _folder(str(work)) as place:
        if filesystem != REFLINK:
            yield place
            return
        image = work / "disk.img"
        output_of("truncate", "--size", str(DISK_BYTES), image)
        output_of("mkfs.xfs", "-q", "-m", "reflink=1", image)
        output_of("mount", "-o", "loop", image, place)
        try:
            yield place
        finally:
            subprocess.run(("sh", "-c", CLEAN_UP), check=False, capture_output=True)
            output_of("umount", place)
            image.unlink()


@contextmanager
def _folder(parent: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="airlock-bench-", dir=parent))
    try:
        yield folder
    finally:
        subprocess.run(("sh", "-c", CLEAN_UP), check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
