"""Opens a package for reading: a file or its parts, with progress, or the folder unpacked from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.bundle.archive.entry_rules import LARGEST_MANIFEST_BYTES
from installer.bundle.layout import MANIFEST
from installer.bundle.package_stream import PackageStream
from installer.errors import BadPackage
from installer.screen.console import Console
from installer.system.reading.package_reader import find_package, how_to_name_it, open_package
from installer.text import _


@contextmanager
def opened(package: Path, title: str, console: Console) -> Iterator[PackageStream]:
    """Opens a package for reading, with progress under `title`; `package` is a file, or names its parts."""
    place = find_package(package)
    with console.progress(title, place.size_bytes) as advance, open_package(place, advance) as stream:
        yield stream


def read_raw_manifest(root: Path) -> bytes:
    """Reads the manifest of an unpacked package as bytes. Raises `BadPackage` if there is none."""
    path = root / MANIFEST
    if not path.is_file():
        raise BadPackage(
            _("{path} is not an unpacked package: it has no {file}.", path=root, file=MANIFEST),
            hint=how_to_name_it(),
        )
    with path.open("rb") as file:
        return file.read(LARGEST_MANIFEST_BYTES)
