"""Finds a release's images.tar: in its directory, or in the package that it was unpacked from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installer.bundle.archive.checksums import CHUNK_BYTES
from installer.bundle.archive.parts import SUMS_ENDING, whole_name
from installer.bundle.archive.tar_stream import Blocks
from installer.bundle.images.load_stream import Prove
from installer.bundle.layout import IMAGES, MANIFEST, package_stem, shown
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.package_stream import PackageStream
from installer.errors import AirlockError, Refused
from installer.operations.package.open_package import opened
from installer.screen.console import Advance, Console
from installer.system.reading.package_reader import readable
from installer.text import _


@dataclass(frozen=True)
class ImagesSource:
    """Reads `place`: images.tar itself, verified before, or a package: a file, or the name of its parts."""

    place: Path
    is_package: bool

    @contextmanager
    def opened(self, title: str, console: Console) -> Iterator[tuple[Blocks, Prove]]:
        """Yields images.tar for reading, and a function that proves afterwards that all of it was right."""
        if self.is_package:
            with opened(self.place, title, console) as stream:
                yield images_of(stream)
            return
        with readable(self.place):
            file = self.place.open("rb")
            size_bytes = self.place.stat().st_size
        with file, console.progress(title, size_bytes) as advance:
            yield _Unpacked(file, self.place, advance), _proven_before


def images_of(stream: PackageStream) -> tuple[Blocks, Prove]:
    """Returns images.tar of an open package, and a function that proves afterwards that it was all right."""
    packed = _Packed(stream)
    return packed, packed.finish


def find_source(release: Path, manifest: Manifest, package: Path | None) -> ImagesSource:
    """Finds the images of `release`: in its directory, in `package` if given, or in a package beside it.

    Raises `Refused` if they are in none of these, and any error from reading the beginning of `package`.
    """
    if (release / IMAGES).exists():
        return ImagesSource(release / IMAGES, is_package=False)
    stem = package_stem(manifest.application.name, manifest.application.version)
    raw_manifest = (release / MANIFEST).read_bytes()
    problems: list[str] = []
    for place in (package,) if package else packages_beside(release.resolve().parent, stem):
        try:
            if _manifest_in(place) == raw_manifest:
                return ImagesSource(place, is_package=True)
            problems.append(_("{file}: belongs to another release", file=shown(place.name)))
        except AirlockError as problem:
            if package:
                raise
            problems += [f"{shown(place.name)}: {problem.happened}", *problem.details]
    raise Refused(
        _("{directory} has no {file}, and its package is not beside it.", directory=release, file=IMAGES),
        details=problems,
        hint=_("Specify the package: ./import-package.sh /path/to/{stem}.tar.gz", stem=stem),
    )


def packages_beside(folder: Path, stem: str) -> list[Path]:
    """Finds files, or names of parts, in a folder that by their name may be the package `stem`."""
    names = {whole_name(file.name) for file in folder.glob(f"{stem}*.tar*")}
    return sorted(folder / name for name in names if not name.endswith(SUMS_ENDING))


class _Packed:
    """Reads images.tar inside a package; the small files before it have been verified again."""

    def __init__(self, stream: PackageStream) -> None:
        self._members = stream.members()
        self._content = next((one.content for one in self._members if one.path == IMAGES), iter(()))
        if stream.problems:
            self.finish()

    def read_some(self) -> bytes | memoryview:
        return next(self._content, b"")

    def finish(self) -> None:
        """Reads the rest. Raises `BadPackage` with all problems."""
        for _member in self._members:
            continue


@dataclass(frozen=True)
class _Unpacked:
    """Reads images.tar as a file."""

    file: IO[bytes]
    path: Path
    advance: Advance

    def read_some(self) -> bytes:
        with readable(self.path):
            chunk = self.file.read(CHUNK_BYTES)
        self.advance(len(chunk))
        return chunk


def _proven_before() -> None:
    """Does nothing: the directory was verified as a whole, and loading compares each layer's digest."""


def _manifest_in(place: Path) -> bytes:
    with opened(place, _("Reading"), Console(verbosity="quiet")) as stream:
        return stream.raw_manifest
