"""Finds out who runs a command, on which host, with which Airlock: for the record of a run."""

import getpass
import os
import platform
import socket
from collections.abc import Mapping

from installer import VERSION


def facts_of_run() -> Mapping[str, object]:
    """Returns what the folder of a run records besides its plan; behind `sudo` also who called it."""
    return {
        "airlock": VERSION,
        "by": _name(),
        "sudo_from": os.environ.get("SUDO_USER"),
        "host": socket.gethostname(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "process": os.getpid(),
    }


def _name() -> str:
    """Returns the user's name; the number of one that this host does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())
