"""The site's settings (`.env` and the like) in a new release directory, lent by the old one at first."""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.system.files import writable, write_atomically


class BorrowedSettings:
    """Settings files copied from the old directory. They go again unless they are kept."""

    def __init__(self, release: Path) -> None:
        self._release = release
        self._copied: list[str] = []
        self._kept = False

    @property
    def names(self) -> tuple[str, ...]:
        """What was copied, as paths relative to the release directory."""
        return tuple(self._copied)

    def borrow(self, directory: Path, names: Iterable[str]) -> None:
        """Copy every file of `names` that `directory` has and the release directory lacks, mode 0600."""
        for name in names:
            self.borrow_as(name, directory / name)

    def borrow_as(self, name: str, source: Path) -> None:
        """Copy the file `source`, if there is one, to the place `name`, if it is free; mode 0600."""
        target = self._release / name
        if source.is_file() and not target.exists():
            self._copied.append(name)
            content = source.read_bytes()
            with writable(self._release):
                target.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(target, content)

    def leave(self, paths: Collection[Path]) -> None:
        """Remove the copies that stand at `paths`: these files come another way."""
        for name in self._copied:
            if self._release / name in paths:
                (self._release / name).unlink()
        self._copied = [name for name in self._copied if self._release / name not in paths]

    def keep(self) -> None:
        """From now on the copies belong to the new release."""
        self._kept = True

    def give_back(self) -> None:
        """Remove the copies unless they are kept."""
        if not self._kept:
            for name in self._copied:
                (self._release / name).unlink(missing_ok=True)


@contextmanager
def borrowed_settings(release: Path) -> Iterator[BorrowedSettings]:
    """Settings that are there while the body looks around, and stay only when it calls `keep`."""
    settings = BorrowedSettings(release)
    try:
        yield settings
    finally:
        settings.give_back()


PROJECT_NAME = (
    "\n# Airlock: the name under which this application runs here.\nCOMPOSE_PROJECT_NAME={project}\n"
)


def add_project_name(env: Path, project: str) -> None:
    """Let `docker compose`, typed by hand beside `env`, mean the project as it is called here."""
    before = env.read_bytes() if env.is_file() else b""
    if b"COMPOSE_PROJECT_NAME=" not in before:
        write_atomically(env, before + PROJECT_NAME.format(project=project).encode())


def remove_project_name(env: Path, project: str) -> None:
    """Undo `add_project_name`, also on a full disk."""
    added = PROJECT_NAME.format(project=project).encode()
    written = env.read_bytes() if env.is_file() else b""
    if written.endswith(added):
        os.truncate(env, len(written) - len(added))
