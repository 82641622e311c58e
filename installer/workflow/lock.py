"""One change at a time per site: a lock that dies with its process and says who holds it since when."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import IO

from installer.errors import AnotherRunActive, Refused
from installer.text import _


@contextmanager
def site_lock(site: str, activity: str, folder: Path | None = None) -> Iterator[None]:
    """Hold the lock of `site`, a word that fits a file name. Raises `AnotherRunActive` when it is taken."""
    with _opened((folder or lock_folder()) / f"airlock-{site}.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise _taken(file) from taken
        _sign(file, activity)
        yield


def lock_folder() -> Path:
    """Where locks live: they must not survive a restart of the host, nor hang on one release directory."""
    shared = Path("/run/lock")
    return shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("r+" if path.exists() else "a+")
    except PermissionError as denied:
        raise Refused(
            _("The lock of this site belongs to another user: {path}", path=path),
            hint=_("Run the command as that user, or as root."),
        ) from denied


def _sign(file: IO[str], activity: str) -> None:
    file.seek(0)
    file.truncate()
    since = datetime.now(timezone.utc).isoformat(timespec="seconds")
    json.dump({"pid": os.getpid(), "activity": activity, "since": since}, file)
    file.flush()


def _taken(file: IO[str]) -> AnotherRunActive:
    file.seek(0)
    words = file.read()
    holder = json.loads(words) if words else {"pid": "?", "activity": "?", "since": "?"}
    return AnotherRunActive(
        _("Another run is changing this site."),
        details=[_("Process {pid} has been at `{activity}` since {since}.", **holder)],
        hint=_("Wait until it has ended, then run the command again."),
    )
