"""What a package travels on: how it is compressed, and how large its files may be."""

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
class Medium:
    """A package in one file, or, with `part_bytes`, in numbered parts of this size."""

    compression: Compression = "gzip"
    part_bytes: int | None = None

    @property
    def ending(self) -> str:
        """What the package's name ends in."""
        return ENDINGS[self.compression]

    def first_file(self, package: Path) -> Path:
        """The file that a person names to mean the package: itself, or its first part."""
        return package if self.part_bytes is None else part_of(package, 1)


DEFAULT_MEDIUM = Medium()


def part_of(package: Path, number: int) -> Path:
    """The part with this number, counted from 1."""
    return package.with_name(f"{package.name}.{number:03}")


def parse_part_size(text: str) -> int:
    """The bytes of a size such as `4GB`, `700MB`, `4GiB`. Raises `UsageProblem`."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?(MB|GB|MIB|GIB)", text.strip().upper())
    if found is None:
        raise UsageProblem(
            _("{text} is not a size.", text=text), hint=_("Write it like 4GB, 700MB or 4GiB: --split 4GB")
        )
    part_bytes = int(float(found[1]) * UNITS[found[2]])
    if part_bytes < SMALLEST_PART_BYTES:
        raise UsageProblem(_("A part must have at least {size}.", size="1MB"))
    return part_bytes
