"""Reads the bytes of a package file once, and verifies them on the way.

What verifies them is the checksum file beside the package. Without one, all files of the package are verified
by its manifest first: missing parts at the end are noticed by nothing else.
"""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.archive.checksums import CHUNK_BYTES, Tally
from installer.bundle.archive.parts import LARGEST_SUMS_BYTES, LINE, SUMS_ENDING, whole_name
from installer.errors import BadPackage, Refused
from installer.screen.console import Advance, Console
from installer.system.reading.package_reader import PackagePlace, open_bytes, open_package, readable
from installer.text import _


@dataclass(frozen=True)
class VerifiedSource:
    """A package file, whole or in parts. `sha256` is the listed digest of a whole file, if there is one."""

    place: PackagePlace
    sha256: str | None

    def chunks(self, advance: Advance) -> Generator[bytes, None, None]:
        """Yields all bytes. Raises `BadPackage` at the end if they differ from their listed digest.

        Raises `Refused` if the size changed meanwhile.
        """
        expected_bytes, tally = self.place.size_bytes, Tally()
        with open_bytes(self.place, advance) as file:
            while chunk := file.read(CHUNK_BYTES):
                tally.count(chunk)
                yield chunk
        if self.sha256 not in (None, tally.sha256):
            raise self._differs(tally.sha256)
        if tally.size_bytes != expected_bytes:
            raise Refused(_("{path} changed while it was being read.", path=self.place.name))

    def _differs(self, found: str) -> BadPackage:
        name = self.place.name
        return BadPackage(
            _("{file} is damaged or altered.", file=name),
            details=[
                _("SHA-256 in {sums}: {digest}", sums=f"{name}{SUMS_ENDING}", digest=self.sha256),
                _("SHA-256 of the file: {digest}", digest=found),
            ],
            hint=_(
                "Copy it here again and compare its SHA-256 with the sender's: sha256sum {file}", file=name
            ),
        )


def verified_source(place: PackagePlace, console: Console) -> VerifiedSource:
    """Returns the source. Raises `BadPackage` if it is no package, or if its manifest proves it damaged."""
    sha256 = None if place.file is None else _listed_digest(place.file)
    if sha256 or (place.parts is not None and place.parts.digests):
        with open_package(place, _ignore_progress):
            return VerifiedSource(place, sha256)
    sums = f"{place.name}{SUMS_ENDING}"
    console.say(_("{sums} is missing: the package is verified by its manifest.", sums=sums))
    with (
        console.progress(_("Verifying"), place.size_bytes) as advance,
        open_package(place, advance) as stream,
    ):
        for _member in stream.members():
            continue
    return VerifiedSource(place, None)


def _ignore_progress(size_bytes: int) -> None:
    """Ignores the progress of reading the beginning."""


def _listed_digest(package: Path) -> str | None:
    """Returns the digest that the checksum file beside a whole package lists; None without one.

    A list of its parts says nothing about the whole file. Raises `BadPackage` for any other content.
    """
    sums = package.with_name(f"{package.name}{SUMS_ENDING}")
    if not sums.is_file():
        return None
    with readable(sums), sums.open("rb") as file:
        lines = file.read(LARGEST_SUMS_BYTES).decode("utf-8", "replace").splitlines()
    listed = [LINE.fullmatch(line) for line in lines]
    digests = {one[2]: one[1] for one in listed if one}
    if package.name in digests:
        return digests[package.name]
    if not lines or None in listed or {whole_name(name) for name in digests} != {package.name}:
        raise BadPackage(
            _("{sums} does not list {package}.", sums=sums, package=package.name),
            hint=_("Copy the checksum file here again."),
        )
    return None
