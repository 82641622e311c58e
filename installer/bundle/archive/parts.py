"""Finds the numbered parts of a package, `<package>.001` and so on. To read them, see parts_reader.py.

`<package>.sha256` beside them lists the digest of each. Without it, only numbers and sizes can be checked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.expected_files import absent
from installer.bundle.layout import shown
from installer.errors import BadPackage
from installer.text import _, ngettext

PART = re.compile(r"(.+)\.([0-9]{3,5})")
LINE = re.compile(r"([0-9a-f]{64}) [ *]([^/]+)")
SUMS_ENDING = ".sha256"
LARGEST_SUMS_BYTES = 1 << 20


@dataclass(frozen=True)
class Parts:
    """The parts of `package` in order, and their digests by file name; none without a checksum file."""

    package: str
    files: tuple[Path, ...]
    digests: Mapping[str, str]

    @property
    def size_bytes(self) -> int:
        """Returns the total size of all parts."""
        return sum(file.stat().st_size for file in self.files)


def find_parts(place: Path) -> Parts | None:
    """Finds the parts from any of them, from their checksum file, or from the package's name.

    Returns None if `place` names no parts. Raises `BadPackage` if a part is missing, extra or truncated.
    """
    package = place.with_name(whole_name(place.name).removesuffix(SUMS_ENDING))
    if package.is_file() and not PART.fullmatch(place.name):
        return None  # without listing the folder, for which the user may lack permission
    there = parts_beside(package)
    return parts_of(package.name, there, listed_digests(package)) if there else None


def parts_beside(package: Path) -> Mapping[str, Path]:
    """Returns the files with the name of a part of `package` in its folder, by their names."""
    files = package.parent.iterdir() if package.parent.is_dir() else ()
    return {file.name: file for file in files if _is_part(file.name, package.name)}


def listed_digests(package: Path) -> Mapping[str, str]:
    """Returns the digests of the parts of `package` in their order; none without a checksum file.

    Raises `BadPackage` if the checksum file lists anything else.
    """
    sums = package.with_name(package.name + SUMS_ENDING)
    return _digests(sums) if sums.is_file() else {}


def parts_of(package: str, there: Mapping[str, Path], digests: Mapping[str, str]) -> Parts:
    """Returns the parts of a package from at least one existing file, wherever each of them lies.

    Raises `BadPackage` if a part is missing, extra or truncated.
    """
    names = tuple(digests) or _names(package, there)
    problems = {
        **{name: absent() for name in names if name not in there},
        **{name: _("does not belong to this package") for name in there if name not in names},
    } or _cut_off([there[name] for name in names])
    if problems:
        raise damaged_parts(package, problems)
    return Parts(package, tuple(there[name] for name in names), digests)


def whole_name(name: str) -> str:
    """Returns the name of the package that the file `name` is a part of; any other name unchanged."""
    part = PART.fullmatch(name)
    return part[1] if part else name


def damaged_parts(package: str, problems: Mapping[str, str]) -> BadPackage:
    """Returns the error that names each bad part."""
    return BadPackage(
        ngettext(
            "{count} part of {package} is missing or damaged.",
            "{count} parts of {package} are missing or damaged.",
            len(problems),
            package=package,
        ),
        details=[f"{shown(name)}: {problem}" for name, problem in sorted(problems.items())],
        hint=_("Copy only these files again, then run the command again."),
    )


def _is_part(name: str, package: str) -> bool:
    part = PART.fullmatch(name)
    return part is not None and part[1] == package


def _names(package: str, there: Iterable[str]) -> tuple[str, ...]:
    """Returns the names that the parts must have, up to the highest existing number."""
    highest = max(int(name.rpartition(".")[2]) for name in there)
    return tuple(f"{package}.{number:03}" for number in range(1, highest + 1))


def _cut_off(files: list[Path]) -> dict[str, str]:
    """Returns the parts with a wrong size: all must have the same, and the last may be smaller."""
    sizes = {file.name: file.stat().st_size for file in files}
    wanted, last = max(sizes.values()), files[-1].name
    return {
        name: _("has {found} bytes instead of {listed}", found=size, listed=wanted)
        for name, size in sizes.items()
        if (size != wanted and name != last) or not size
    }


def _digests(sums: Path) -> dict[str, str]:
    """Returns the digests by file name, as `sha256sum` lists them. Raises `BadPackage`."""
    with sums.open("rb") as file:
        lines = file.read(LARGEST_SUMS_BYTES).decode("utf-8", "replace").splitlines()
    found = sorted(_listed(sums, lines))
    if not found or [number for number, _name, _digest in found] != list(range(1, len(lines) + 1)):
        raise damaged_parts(sums.name.removesuffix(SUMS_ENDING), {sums.name: _("is damaged or truncated")})
    return {name: digest for _number, name, digest in found}


def _listed(sums: Path, lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yields number, name and digest of each part."""
    for line in lines:
        listed = LINE.fullmatch(line)
        part = PART.fullmatch(listed[2]) if listed else None
        if listed and part and part[1] == sums.name.removesuffix(SUMS_ENDING):
            yield int(part[2]), listed[2], listed[1]
