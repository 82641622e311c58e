"""Defines how a package is written: its compression, and the size of its files."""

import re
from dataclasses import dataclass
from pathlib import Path

from installer.errors import UsageProblem
from installer.text import _
from packager.compression.codec import Compression
from packager.compression.codecs import ENDINGS

SMALLEST_PART_BYTES = 10**6
MOST_PARTS = 999
UNITS = {"MB": 10**6, "GB": 10**9, "MIB": 1 << 20, "GIB": 1 << 30}


@dataclass(frozen=True)
class OutputFormat:
    """One file, or, with `part_bytes`, numbered parts of this size."""

    compression: Compression = "gzip"
    part_bytes: int | None = None

    @property
    def ending(self) -> str:
        """Returns the ending of the package's name."""
        return ENDINGS[self.compression]

    def first_file(self, package: Path) -> Path:
        """Returns the file to specify for the package on a command line: itself, or its first part."""
        return package if self.part_bytes is None else part_of(package, 1)


DEFAULT_OUTPUT_FORMAT = OutputFormat()


def part_of(package: Path, number: int) -> Path:
    """Returns the path of the part with this number, counted from 1."""
    return package.with_name(f"{package.name}.{number:03}")


def parse_part_size(text: str, option: str = "--split") -> int:
    """Returns the bytes of a size such as `4GB`, `700MB`, `4GiB`. Raises `UsageProblem`, naming `option`."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?(MB|GB|MIB|GIB)", text.strip().upper())
    if found is None:
        raise UsageProblem(
            _("{text} is not a valid size.", text=text),
            hint=_("Specify a size such as 4GB, 700MB or 4GiB: {option} 4GB", option=option),
        )
    part_bytes = int(float(found[1]) * UNITS[found[2]])
    if part_bytes < SMALLEST_PART_BYTES:
        raise UsageProblem(_("A part must be at least {size}.", size="1MB"))
    return part_bytes
