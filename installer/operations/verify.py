"""Verify a package, as a file or unpacked: everything listed is there and right, and nothing else is.

Nothing is written and nothing of the package is run. What is checked stands in bundle/FORMAT.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.entry_rules import LARGEST_MANIFEST_BYTES
from installer.bundle.layout import IMAGES, MANIFEST
from installer.bundle.manifest import File, Manifest, parse_manifest
from installer.bundle.package_stream import PackageStream
from installer.bundle.tree import tree_problems
from installer.console import Console, size
from installer.errors import BadPackage
from installer.system.package_reader import find_package, how_to_name_it, open_package, readable
from installer.text import _, ngettext


@dataclass(frozen=True)
class Verified:
    """A package that is right, and those of its files that were there to be verified."""

    manifest: Manifest
    files: tuple[File, ...]

    @property
    def size_bytes(self) -> int:
        """What was verified."""
        return sum(file.size_bytes for file in self.files)


def verify(place: Path, console: Console) -> Verified:
    """Verify a package file or an unpacked package. Raises `BadPackage` with all problems."""
    manifest = verify_directory(place, console) if place.is_dir() else verify_file(place, console)
    absent = {IMAGES} if place.is_dir() and not (place / IMAGES).exists() else set()
    return Verified(manifest, tuple(file for file in manifest.files if file.path not in absent))


def verify_directory(root: Path, console: Console) -> Manifest:
    """Verify an unpacked package, also one in use. Raises `BadPackage` with all problems."""
    with readable(root):
        raw_manifest = read_raw_manifest(root)
        manifest = parse_manifest(raw_manifest)
        there = [file for file in manifest.files if file.path != IMAGES or (root / IMAGES).exists()]
        total_bytes = sum(file.size_bytes for file in there)
        with console.progress(_("Verifying"), total_bytes) as advance:
            problems = tree_problems(root, manifest, raw_manifest, advance)
    if problems:
        raise BadPackage(
            _("{file} is damaged or altered.", file=root),
            details=problems,
            hint=_("Unpack the package file again, into an empty folder."),
        )
    return manifest


def verify_file(package: Path, console: Console) -> Manifest:
    """Verify a package file by reading it once. Raises `BadPackage` with all problems."""
    with opened(package, _("Verifying"), console) as stream:
        for _member in stream.members():
            continue
    return stream.manifest


def verified(found: Verified) -> str:
    """The result for people."""
    application = found.manifest.application
    result = ngettext(
        "{title} {version}: {count} file verified, {size}.",
        "{title} {version}: {count} files verified, {size}.",
        len(found.files),
        title=application.title,
        version=application.version,
        size=size(found.size_bytes),
    )
    if len(found.files) == len(found.manifest.files):
        return result
    absent = _("{file} is not here, only in the package.", file=IMAGES)
    return f"{result} {absent}"


def verified_document(found: Verified) -> dict[str, object]:
    """The result for programs; a package that is not right has no result but an error."""
    application = found.manifest.application
    there = {file.path for file in found.files}
    return {
        "verified": True,
        "application": application.name,
        "version": application.version,
        "files": len(found.files),
        "size_bytes": found.size_bytes,
        "absent": [file.path for file in found.manifest.files if file.path not in there],
    }


@contextmanager
def opened(package: Path, title: str, console: Console) -> Iterator[PackageStream]:
    """Open a package for reading, with progress under `title`; `package` is a file, or names its parts."""
    place = find_package(package)
    with console.progress(title, place.size_bytes) as advance, open_package(place, advance) as stream:
        yield stream


def read_raw_manifest(root: Path) -> bytes:
    """The bytes of an unpacked package's manifest. Raises `BadPackage` when there is none."""
    path = root / MANIFEST
    if not path.is_file():
        raise BadPackage(
            _("{path} is not an unpacked package: it has no {file}.", path=root, file=MANIFEST),
            hint=how_to_name_it(),
        )
    with path.open("rb") as file:
        return file.read(LARGEST_MANIFEST_BYTES)
