"""Divides a finished package into numbered parts, and says how to carry and use them."""

from pathlib import Path

from installer.bundle.archive.parts import SUMS_ENDING
from installer.screen.console import Console, size
from installer.system.reading.package_reader import find_package
from installer.text import _, ngettext
from packager.compression.output_format import part_of
from packager.division.write_again import write_again
from packager.file.part_files import expect_few


def split(package: Path, part_bytes: int, output: Path, console: Console) -> Path:
    """Writes the package, one file or in parts, in parts of this size into `output`; returns the first part.

    Raises the errors of `find_package` and `write_again`.
    """
    place = find_package(package)
    expect_few(-(-place.size_bytes // part_bytes), "--size")
    written = write_again(place, output, part_bytes, _("Splitting"), console)
    first = part_of(output / place.name, 1)
    console.say(
        ngettext(
            "{count} part of {package}, {size}", "{count} parts of {package}, {size}",
            len(written), package=place.name, size=size(sum(file.size_bytes for file in written)),
        )
    )  # fmt: skip
    console.say(
        _("Carry all of them and {sums} to the site. Then run there: ./airlock import {part}",
          sums=f"{place.name}{SUMS_ENDING}", part=first.name)
    )  # fmt: skip
    return first
