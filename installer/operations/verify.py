"""Verify a package, as a file or unpacked: everything listed is there and right, and nothing else is.

Nothing is written and nothing of the package is run. What is checked stands in bundle/FORMAT.md.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installer.bundle.entry_rules import LARGEST_MANIFEST_BYTES
from installer.bundle.layout import MANIFEST
from installer.bundle.manifest import Manifest, parse_manifest
from installer.bundle.package_stream import PackageStream
from installer.bundle.tree import tree_problems
from installer.console import Console, size
from installer.errors import BadPackage, Refused, UsageProblem
from installer.text import _, ngettext


def verify(place: Path, console: Console) -> Manifest:
    """Verify a package file or an unpacked package. Raises `BadPackage` with all problems."""
    return verify_directory(place, console) if place.is_dir() else verify_file(place, console)


def verify_directory(root: Path, console: Console) -> Manifest:
    """Verify an unpacked package, also one in use. Raises `BadPackage` with all problems."""
    with readable(root):
        raw_manifest = read_raw_manifest(root)
        manifest = parse_manifest(raw_manifest)
        total_bytes = sum(file.size_bytes for file in manifest.files)
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


def verified(manifest: Manifest) -> str:
    """The result for people."""
    return ngettext(
        "{title} {version}: {count} file verified, {size}.",
        "{title} {version}: {count} files verified, {size}.",
        len(manifest.files),
        title=manifest.application.title,
        version=manifest.application.version,
        size=size(sum(file.size_bytes for file in manifest.files)),
    )


def verified_document(manifest: Manifest) -> dict[str, object]:
    """The result for programs; a package that is not right has no result but an error."""
    return {
        "verified": True,
        "application": manifest.application.name,
        "version": manifest.application.version,
        "files": len(manifest.files),
        "size_bytes": sum(file.size_bytes for file in manifest.files),
    }


@contextmanager
def opened(package: Path, title: str, console: Console) -> Iterator[PackageStream]:
    """Open a package file for reading, with progress under `title`."""
    with readable(package):
        file = package.open("rb")
        size_bytes = package.stat().st_size
    with file, console.progress(title, size_bytes) as advance:
        yield PackageStream(_Told(file, package, advance), package.name)


def read_raw_manifest(root: Path) -> bytes:
    """The bytes of an unpacked package's manifest. Raises `BadPackage` when there is none."""
    path = root / MANIFEST
    if not path.is_file():
        raise BadPackage(
            _("{path} is not an unpacked package: it has no {file}.", path=root, file=MANIFEST),
            hint=_how_to_name_it(),
        )
    with path.open("rb") as file:
        return file.read(LARGEST_MANIFEST_BYTES)


@contextmanager
def readable(place: Path) -> Iterator[None]:
    """Turn the system's refusals to read `place` into words."""
    try:
        yield
    except FileNotFoundError as problem:
        raise UsageProblem(
            _("{path} does not exist.", path=problem.filename or place), hint=_how_to_name_it()
        ) from problem
    except OSError as problem:
        raise Refused(
            _("{path} cannot be read: {problem}.", path=problem.filename or place, problem=problem.strerror)
        ) from problem


def _how_to_name_it() -> str:
    return _("Name the folder that `tar -xzf` made, or the package file itself.")


@dataclass(frozen=True)
class _Told:
    """A stream that tells how many bytes were read."""

    stream: IO[bytes]
    package: Path
    advance: Callable[[int], None]

    def read(self, size_bytes: int, /) -> bytes:
        with readable(self.package):
            chunk = self.stream.read(size_bytes)
        self.advance(len(chunk))
        return chunk
