"""Copies the site's settings (`.env` and similar files) to a new release directory, at first on loan."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.site.files.carried_files import carry_file
from installer.system.files.files import is_real_folder, remove_tree, writable
from installer.text import _

NOTHING = Path("/dev/null")


class BorrowedSettings:
    """Settings files copied unchanged from the old release. They are deleted unless kept.

    Files that the operator edits meanwhile are never deleted.
    """

    def __init__(self, release: Path) -> None:
        self._release = release
        self._copied: dict[str, str | None] = {}  # path → look of the copy; None while it is being made
        self._stand_ins: list[Path] = []
        self._kept = False

    @property
    def names(self) -> tuple[str, ...]:
        """Returns the copied files, as paths relative to the release directory."""
        return tuple(self._copied)

    def borrow(self, directory: Path, names: Iterable[str]) -> None:
        """Copies every file of `names` that `directory` has and the release directory lacks."""
        for name in names:
            self.borrow_as(name, directory / name, directory)

    def borrow_as(self, name: str, source: Path, directory: Path) -> None:
        """Copies the file `source`, if it exists, to `name`, unless that exists.

        `directory` is the old release's: targets of links inside it are copied too.
        """
        place = self._release / name
        self._remove_stand_in(place)
        if source.is_file() and not os.path.lexists(place):
            with writable(self._release):
                made = list(self._noting(carry_file(name, source, directory, self._release)))
            self._copied.update({one: _look_of(self._release / one) for one in made})

    def stand_in_for(self, name: str) -> None:
        """Lets Compose read an empty file at `name`, which the site lacks, until the settings are kept.

        The file is a link to /dev/null, so that one left by a killed run is never mistaken for a site's file.
        """
        place = self._release / name
        with writable(self._release):
            place.parent.mkdir(parents=True, exist_ok=True)
            self._remove_stand_in(place)
            place.symlink_to(NOTHING)
        self._stand_ins.append(place)

    def leave(self, paths: Collection[Path]) -> None:
        """Deletes the copies at `paths`, because these files are provided in another way."""
        for name in self._copied:
            if self._release / name in paths:
                (self._release / name).unlink()
        self._copied = {
            name: look for name, look in self._copied.items() if self._release / name not in paths
        }

    def keep(self) -> None:
        """Makes the copies part of the new release."""
        self._kept = True

    def give_back(self) -> tuple[Path, ...]:
        """Deletes the copies unless they are kept; returns the paths of edited ones, which it keeps."""
        for place in self._stand_ins:
            self._remove_stand_in(place)
        if self._kept:
            return ()
        there = {self._release / name: look for name, look in self._copied.items()}
        edited = [path for path, look in there.items() if look and _is_edited(path, look)]
        goals = {path.resolve() for path in edited}
        for path in there:
            if path.resolve() not in goals and os.path.lexists(path):
                remove_tree(path)
        return tuple(edited)

    def _noting(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            self._copied[name] = None
            yield name

    def _remove_stand_in(self, place: Path) -> None:
        if place.is_symlink() and place.readlink() == NOTHING:
            place.unlink()


@contextmanager
def borrowed_settings(
    release: Path, warn: Callable[[str], None] = lambda line: None
) -> Iterator[BorrowedSettings]:
    """Yields settings that exist while the body runs; they are deleted afterwards unless it calls `keep`.

    Calls `warn` for each file that is kept because it was edited meanwhile.
    """
    settings = BorrowedSettings(release)
    try:
        yield settings
    finally:
        for path in settings.give_back():
            warn(_("{path} was edited meanwhile; it is kept and used by the next import.", path=path))


def _is_edited(path: Path, look: str) -> bool:
    return path.is_file() and look != _look_of(path)


def _look_of(path: Path) -> str:
    """Returns a value that changes if the path is edited: the target of a link, or the digest of a file."""
    if path.is_symlink():
        return str(path.readlink())
    return "" if is_real_folder(path) else hashlib.sha256(path.read_bytes()).hexdigest()
