"""Writes the sources of both versions while there is a network: the site's server has none."""

import shutil
import sys
from pathlib import Path

from testbed.cache import cache_folder
from testbed.command import output_of

EXAMPLE = Path("examples/customer-vault").resolve()
OLD, NEW = "2.1.1", "2.1.2"


def source_of(version: str) -> Path:
    """Returns where the source tree of a version is kept."""
    return cache_folder() / "bench-upgrade" / version


def main() -> None:
    for version in (OLD, NEW):
        source = source_of(version)
        shutil.rmtree(source, ignore_errors=True)
        output_of(sys.executable, EXAMPLE / "checkout", version, source)


if __name__ == "__main__":
    main()
