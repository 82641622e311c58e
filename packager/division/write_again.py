"""Writes the bytes of a package once more, as one file or in parts of another size."""

from contextlib import closing
from pathlib import Path

from installer.bundle.archive.parts import SUMS_ENDING, whole_name
from installer.errors import Refused, UsageProblem
from installer.screen.console import Console, size
from installer.system.files.files import free_bytes, writable
from installer.system.process.signals import uninterrupted
from installer.system.reading.package_reader import PackagePlace
from installer.text import _
from packager.disk.read_back import Stretched, WrittenFile, read_back
from packager.division.verified_source import VerifiedSource, verified_source
from packager.file.part_files import Parts, beside


def write_again(
    place: PackagePlace, output: Path, part_bytes: int | None, title: str, console: Console
) -> tuple[WrittenFile, ...]:
    """Writes the package into the folder `output`, and its checksum file. Returns the files.

    Raises `BadPackage` for a damaged one, `Refused` or `UsageProblem` if it cannot be written there. If an
    error is raised, nothing of it remains in `output`. `title` names the progress.
    """
    target = output / place.name
    _refuse_existing(target)
    _refuse_too_small(output, place.size_bytes)
    source = verified_source(place, console)
    with writable(output):
        output.mkdir(parents=True, exist_ok=True)
    with beside(target, part_bytes) as parts:
        written = _copy(source, parts, title, console)
        _refuse_existing(target)
        with uninterrupted():
            parts.put_in_place(written)
    return written


def _copy(source: VerifiedSource, parts: Parts, title: str, console: Console) -> tuple[WrittenFile, ...]:
    stretched = Stretched(parts.write)
    with (
        console.progress(title, source.place.size_bytes) as advance,
        closing(source.chunks(advance)) as chunks,
    ):
        for chunk in chunks:
            stretched.write(chunk)
    parts.close()
    with console.progress(_("Verifying"), stretched.stretch.size_bytes) as advance:
        return read_back(parts.paths, stretched.stretch, advance)


def _refuse_existing(target: Path) -> None:
    """Refuses a folder with this package, in one file or in parts: one checksum file cannot list both."""
    output, sums = target.parent, f"{target.name}{SUMS_ENDING}"
    with writable(output):
        names = sorted(path.name for path in output.iterdir()) if output.is_dir() else []
    there = [name for name in names if name == sums or whole_name(name) == target.name]
    if there:
        raise UsageProblem(
            _("{path} exists already.", path=output / there[0]),
            details=[_("a folder contains a package only once: as one file or in parts")],
            hint=_("Specify another folder: --output FOLDER"),
        )


def _refuse_too_small(output: Path, needed_bytes: int) -> None:
    free = free_bytes(output)
    if free < needed_bytes:
        raise Refused(
            _("There is not enough space in {path} for the package.", path=output),
            details=[_("needed: {needed}, free: {free}", needed=size(needed_bytes), free=size(free))],
            hint=_("Write the package to another disk: --output FOLDER"),
        )
