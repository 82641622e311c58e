"""Finds the parts of a package where they lie in several folders, as they come from several media."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from installer.bundle.archive.parts import (
    PART,
    SUMS_ENDING,
    Parts,
    listed_digests,
    parts_beside,
    parts_of,
    whole_name,
)
from installer.errors import BadPackage, UsageProblem
from installer.system.reading.package_reader import readable
from installer.text import _


def find_named_parts(places: Sequence[Path]) -> Parts:
    """Returns the parts that are named, and those beside the first one that are not.

    `places` may name parts, their checksum file, or the package by the common name of the parts. Raises
    `UsageProblem` if they name no parts, or parts of different packages; `BadPackage` if a part is missing.
    """
    package = _package_of(places)
    with readable(places[0]):
        there = {**parts_beside(places[0].with_name(package)), **_named(places)}
        if not there:
            raise _no_parts(places[0])
        return parts_of(package, there, _digests(package, places))


def _package_of(places: Sequence[Path]) -> str:
    packages = {place: whole_name(place.name).removesuffix(SUMS_ENDING) for place in places}
    if len(set(packages.values())) > 1:
        raise UsageProblem(
            _("The parts belong to different packages."),
            details=[f"{place}: {package}" for place, package in packages.items()],
            hint=_("Specify the parts of one package."),
        )
    return packages[places[0]]


def _named(places: Sequence[Path]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for place in places:
        if PART.fullmatch(place.name):
            if not place.is_file():
                raise _no_parts(place)
            before = named.setdefault(place.name, place)
            if not before.samefile(place):
                raise UsageProblem(
                    _("{name} was specified twice: {one} and {other}",
                      name=place.name, one=before, other=place)
                )  # fmt: skip
    return named


def _digests(package: str, places: Sequence[Path]) -> Mapping[str, str]:
    """Returns the listed digests from the folders of all places, whose lists must be equal."""
    lists = {folder: listed_digests(folder / package) for folder in {place.parent: None for place in places}}
    found = {folder: digests for folder, digests in lists.items() if digests}
    if any(digests != next(iter(found.values())) for digests in found.values()):
        raise BadPackage(
            _("The parts belong to different packages."),
            details=[
                _("{path} lists other digests", path=folder / f"{package}{SUMS_ENDING}") for folder in found
            ],
            hint=_("Specify the parts of one package."),
        )
    return next(iter(found.values()), {})


def _no_parts(place: Path) -> UsageProblem:
    return UsageProblem(
        _("{path} is not a part of a package.", path=place)
        if place.exists()
        else _("{path} does not exist.", path=place),
        hint=_("Specify a part, whose name ends with a number: airlock join PACKAGE.001"),
    )
