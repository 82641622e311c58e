"""Locks a site for one change at a time; the lock ends with its process and records who holds it."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import IO

from installer.bundle.layout import shown
from installer.errors import AnotherRunActive, Refused
from installer.text import _

FOR_EVERYONE = 0o666
LARGEST_SIGNATURE_BYTES = 4096


@contextmanager
def site_lock(site: str, activity: str, folder: Path | None = None) -> Iterator[None]:
    """Holds the lock of `site`, which must be a valid file name. Raises `AnotherRunActive` if it is taken."""
    import fcntl  # Windows has none; this module is imported there, too

    with _opened((folder or lock_folder()) / f"airlock-{site}.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise _taken(file) from taken
        _sign(file, activity)
        yield


def lock_folder() -> Path:
    """Returns the folder of the locks, which is the same for all users and all release directories.

    Some systems let only root write to `/run/lock`.
    """
    shared = Path("/run/lock")
    return shared if shared.is_dir() and shared.stat().st_mode & stat.S_IWOTH else Path("/tmp")


def _opened(path: Path) -> IO[bytes]:
    try:
        return os.fdopen(_descriptor(path), "r+b")
    except OSError as obstacle:
        raise Refused(
            _("The lock {path} cannot be opened: {problem}.", path=path, problem=obstacle.strerror),
            hint=_("Check its owner: ls -l {path}", path=path),
        ) from obstacle


def _descriptor(path: Path) -> int:
    """Opens or creates the lock file, writable for every user; does not follow a symbolic link."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FOR_EVERYONE)
    except FileExistsError:
        return os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    os.fchmod(descriptor, FOR_EVERYONE)  # the umask has no effect here
    return descriptor


def _sign(file: IO[bytes], activity: str) -> None:
    since = datetime.now(timezone.utc).isoformat(timespec="seconds")
    signature = json.dumps({"pid": os.getpid(), "activity": activity, "since": since}).encode()
    with suppress(OSError):  # on a full disk the lock holds without a signature
        os.truncate(file.fileno(), 0)
        os.pwrite(file.fileno(), signature, 0)


def _taken(file: IO[bytes]) -> AnotherRunActive:
    file.seek(0)
    holder = _signature(file.read(LARGEST_SIGNATURE_BYTES))
    words = {word: shown(str(holder.get(word, "?"))) for word in ("pid", "activity", "since")}
    return AnotherRunActive(
        _("Another run is changing this site."),
        details=[_("Process {pid} has been running `{activity}` since {since}.", **words)],
        hint=_("Wait until it finishes, then run the command again."),
    )


def _signature(raw: bytes) -> dict[str, object]:
    """Returns the holder's signature; empty if it is missing or invalid."""
    try:
        signature = json.loads(raw)
    except ValueError:
        return {}
    return signature if isinstance(signature, dict) else {}
