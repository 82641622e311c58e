"""Opens a package on disk: one file or numbered parts, compressed with gzip, zstd or not at all."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from installer.bundle.archive.checksums import Readable
from installer.bundle.archive.compression import decompressed
from installer.bundle.archive.parts import SUMS_ENDING, Parts, damaged_parts, find_parts
from installer.bundle.archive.parts_reader import PartsReader
from installer.bundle.package_stream import PackageStream
from installer.errors import BadPackage, Refused, UsageProblem
from installer.system.reading.zstd import Unzstd
from installer.text import _

Advance = Callable[[int], None]


@dataclass(frozen=True)
class PackagePlace:
    """A package on disk. `name` is the whole file's, even if there are only parts."""

    name: str
    folder: Path
    file: Path | None
    parts: Parts | None

    @property
    def size_bytes(self) -> int:
        """Returns its size on disk."""
        if self.parts is not None:
            return self.parts.size_bytes
        assert self.file is not None
        return self.file.stat().st_size


def find_package(place: Path) -> PackagePlace:
    """Finds the package that `place` names: a file, one of its parts, or the common name of the parts.

    Raises `UsageProblem` if there is none, `BadPackage` if parts are missing.
    """
    with readable(place):
        parts = find_parts(place)
        if parts is not None:
            return PackagePlace(parts.package, parts.files[0].parent, None, parts)
        file = _beside_its_checksum(place)
        file.stat()
    return PackagePlace(file.name, file.parent, file, None)


@contextmanager
def open_package(place: PackagePlace, advance: Advance) -> Iterator[PackageStream]:
    """Opens a package for reading from its beginning; calls `advance` with the bytes read.

    Raises the errors of `PackageStream`; for a package in parts, `BadPackage` names the damaged ones.
    """
    with _opened(place) as compressed, _parts_named(compressed), Unzstd() as unzstd:
        unpack = partial(decompressed, unzstd=unzstd)
        yield PackageStream(_Told(compressed, place.folder / place.name, advance), place.name, unpack)


@contextmanager
def open_bytes(place: PackagePlace, advance: Advance) -> Iterator[Readable]:
    """Opens a package as it is on the disk, compressed, its parts as one stream.

    Reading raises `BadPackage` at the end of a part that differs from its listed digest.
    """
    with _opened(place) as file:
        yield _Told(file, place.folder / place.name, advance)


@contextmanager
def readable(place: Path) -> Iterator[None]:
    """Turns errors of reading `place` into `UsageProblem` or `Refused`."""
    try:
        yield
    except FileNotFoundError as problem:
        raise UsageProblem(
            _("{path} does not exist.", path=problem.filename or place), hint=how_to_name_it()
        ) from problem
    except OSError as problem:
        raise Refused(
            _("{path} cannot be read: {problem}.", path=problem.filename or place, problem=problem.strerror)
        ) from problem


def how_to_name_it() -> str:
    """Returns the hint for a path that is not a package."""
    return _("Specify the directory that `tar -xzf` created, or the package file itself.")


def _beside_its_checksum(place: Path) -> Path:
    """Returns the package if `place` is its checksum file, else `place`."""
    whole = place.with_name(place.name.removesuffix(SUMS_ENDING))
    return whole if whole.is_file() else place


@contextmanager
def _opened(place: PackagePlace) -> Iterator[Readable]:
    if place.parts is not None:
        with closing(PartsReader(place.parts)) as reader:
            yield reader
        return
    assert place.file is not None
    with readable(place.file):
        file = place.file.open("rb")
    with file:
        yield file


@contextmanager
def _parts_named(compressed: Readable) -> Iterator[None]:
    """Adds the damaged parts to the error about a damaged package, as far as their digests are known."""
    try:
        yield
    except BadPackage as damage:
        if not isinstance(compressed, PartsReader):
            raise
        place, problems = compressed.place(), compressed.problems()
        if problems:
            raise damaged_parts(compressed.package, problems) from damage
        if compressed.has_digests:
            raise
        met = _("The error was found in {part}; this part or the previous one is damaged.", part=place)
        raise BadPackage(damage.happened, details=(*damage.details, met), hint=damage.hint) from damage


@dataclass(frozen=True)
class _Told:
    """A stream that calls `advance` with the number of bytes read."""

    stream: Readable
    path: Path
    advance: Advance

    def read(self, size_bytes: int, /) -> bytes:
        with readable(self.path):
            chunk = self.stream.read(size_bytes)
        self.advance(len(chunk))
        return chunk
