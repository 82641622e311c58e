"""Manages the test bed's cache: each part is created only once, even by two runs at the same time."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OLD_SECONDS = 2 * 3600


def cache_folder() -> Path:
    """Returns `$AIRLOCK_TESTBED`, or a folder in the user's cache."""
    chosen = os.environ.get("AIRLOCK_TESTBED")
    if chosen:
        return Path(chosen).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "airlock-testbed"


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """Returns the file or folder `name` of the cache; `make(path)` creates it atomically the first time."""
    wanted = cache_folder() / name
    if not wanted.exists():
        with _locked(name), working_folder() as folder:
            if not wanted.exists():
                make(folder / name)
                (folder / name).rename(wanted)
    return wanted


def forget_old(pattern: str, *, but: Path) -> None:
    """Removes old versions of a part that no run can still be using."""
    for path in cache_folder().glob(pattern):
        if path != but and time.time() - path.stat().st_mtime > OLD_SECONDS:
            path.unlink(missing_ok=True)


@contextmanager
def working_folder() -> Iterator[Path]:
    """Yields a folder on the cache's file system that is deleted afterwards."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="making-", dir=cache_folder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(name: str) -> Iterator[None]:
    cache_folder().mkdir(parents=True, exist_ok=True)
    with (cache_folder() / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
