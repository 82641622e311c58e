"""Makes the one file of a package in parts again, with the same bytes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from installer.bundle.archive.parts import SUMS_ENDING
from installer.bundle.expected_files import absent
from installer.errors import BadPackage
from installer.screen.console import Console, size
from installer.system.reading.package_reader import PackagePlace
from installer.text import _
from packager.division.named_parts import find_named_parts
from packager.division.write_again import write_again


def join(places: Sequence[Path], output: Path, console: Console) -> Path:
    """Writes the package of these parts as one file into `output`; returns the file.

    Raises the errors of `find_named_parts` and `write_again`.
    """
    with _foreign_parts_explained():
        parts = find_named_parts(places)
        place = PackagePlace(parts.package, parts.files[0].parent, None, parts)
        (written,) = write_again(place, output, None, _("Joining"), console)
    console.say(f"{written.name}, {size(written.size_bytes)}")
    sums = f"{written.name}{SUMS_ENDING}"
    console.say(_("After each copy, check the file: sha256sum -c {sums}", sums=sums))
    return output / written.name


@contextmanager
def _foreign_parts_explained() -> Iterator[None]:
    """Adds to an error about differing parts what else may be wrong than a damage."""
    try:
        yield
    except BadPackage as problem:
        if not problem.details or all(line.endswith(f": {absent()}") for line in problem.details):
            raise
        foreign = _("Parts of another build, or of another size, of this package do not fit either.")
        raise BadPackage(
            problem.happened, details=(*problem.details, foreign), hint=problem.hint
        ) from problem
