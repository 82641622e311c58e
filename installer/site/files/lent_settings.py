"""The site's settings (`.env` and the like) in a new release directory, lent by the old one at first."""

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
    """Settings files copied from the old directory as they are there. They go again unless they are kept.

    What a person edits meanwhile stays, too.
    """

    def __init__(self, release: Path) -> None:
        self._release = release
        self._copied: dict[str, str | None] = {}  # how it looked as a copy; None while it is made
        self._stand_ins: list[Path] = []
        self._kept = False

    @property
    def names(self) -> tuple[str, ...]:
        """What was copied, as paths relative to the release directory."""
        return tuple(self._copied)

    def borrow(self, directory: Path, names: Iterable[str]) -> None:
        """Copy every file of `names` that `directory` has and the release directory lacks."""
        for name in names:
            self.borrow_as(name, directory / name, directory)

    def borrow_as(self, name: str, source: Path, directory: Path) -> None:
        """Copy the file `source`, if there is one, to the place `name`, if it is free.

        `directory` is the old release's: what links in it lead to comes along.
        """
        place = self._release / name
        self._remove_stand_in(place)
        if source.is_file() and not os.path.lexists(place):
            with writable(self._release):
                made = list(self._noting(carry_file(name, source, directory, self._release)))
            self._copied.update({one: _look_of(self._release / one) for one in made})

    def stand_in_for(self, name: str) -> None:
        """Let Compose read an empty file at `name` for as long as nothing is kept: the site lacks it.

        A link to nowhere's file, so that one left by a killed run is never taken for the site's own.
        """
        place = self._release / name
        with writable(self._release):
            place.parent.mkdir(parents=True, exist_ok=True)
            self._remove_stand_in(place)
            place.symlink_to(NOTHING)
        self._stand_ins.append(place)

    def leave(self, paths: Collection[Path]) -> None:
        """Remove the copies that stand at `paths`: these files come another way."""
        for name in self._copied:
            if self._release / name in paths:
                (self._release / name).unlink()
        self._copied = {
            name: look for name, look in self._copied.items() if self._release / name not in paths
        }

    def keep(self) -> None:
        """From now on the copies belong to the new release."""
        self._kept = True

    def give_back(self) -> tuple[Path, ...]:
        """Remove the copies unless they are kept; gives the paths of those that were edited, which stay."""
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
    """Settings that are there while the body looks around, and stay only when it calls `keep`.

    `warn` is told of those that stay because a person edited them meanwhile.
    """
    settings = BorrowedSettings(release)
    try:
        yield settings
    finally:
        for path in settings.give_back():
            warn(_("{path} was edited meanwhile, so it stays, and the next import takes it.", path=path))


def _is_edited(path: Path, look: str) -> bool:
    return path.is_file() and look != _look_of(path)


def _look_of(path: Path) -> str:
    """What changes when somebody edits it: where a link leads, what a file holds."""
    if path.is_symlink():
        return str(path.readlink())
    return "" if is_real_folder(path) else hashlib.sha256(path.read_bytes()).hexdigest()
