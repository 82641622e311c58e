"""Finds names that only some systems tell apart: those that differ in case, or in Unicode composition.

Sites run Linux, which tells all of them apart. macOS and Windows do not, and no package contains two of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from installer.bundle.layout import folded, shown
from installer.text import _
from packager.git.checkout import Checkout, name_in_git


def problems_of_case(checkout: Checkout, paths: Iterable[str]) -> Iterator[str]:
    """Yields a problem for each of these paths that Linux would not find, and for those that clash."""
    known = sorted({*paths})
    disk = _Disk(checkout.directory)
    for path in known:
        there = disk.name_of(path)
        if there != path:
            yield _(
                "{path}: its name on the disk is {name}, which Linux tells apart. Write it in the same case.",
                path=shown(path),
                name=shown(there),
            )
    wanted = {folded(path) for path in known}
    twins = (path for path in checkout.modes if path not in known and folded(path) in wanted)
    for path, other in clashing([*known, *(twin for twin in twins if disk.name_of(twin) != twin)]):
        yield _(
            "{path} and {other} differ only in case: macOS and Windows keep one of them. Rename one.",
            path=shown(path),
            other=shown(other),
        )


def clashing(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yields the pairs of different paths that are equal for a system that ignores case."""
    first: dict[str, str] = {}
    for path in sorted({*paths}):
        other = first.setdefault(folded(path), path)
        if other != path:
            yield other, path


class _Disk:
    """The names of files as the folders of the project list them; each folder is listed once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._names: dict[str, Mapping[str, str]] = {}

    def name_of(self, path: str) -> str:
        """Returns the path of a file as the disk has it; as it is written if there is none."""
        above, _slash, name = path.rpartition("/")
        folder = self.name_of(above) if above else ""
        names = self._in(folder)
        there = names.get(name) or names.get(folded(name), name)
        return f"{folder}/{there}" if folder else there

    def _in(self, folder: str) -> Mapping[str, str]:
        if folder not in self._names:
            place = self._directory / folder
            names = sorted(name_in_git(one.name) for one in place.iterdir()) if place.is_dir() else []
            self._names[folder] = {**{folded(name): name for name in names}, **{name: name for name in names}}
        return self._names[folder]
