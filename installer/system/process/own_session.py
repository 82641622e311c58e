"""Keeps Ctrl-C from the programs that Airlock starts, and ends them with all their children.

Linux and macOS have sessions for this, Windows has process groups and the program `taskkill`.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress


def flags_of_own_session() -> int:
    """Returns the `creationflags` for a program that Ctrl-C does not reach; `start_new_session` elsewhere."""
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def end_session(child: "subprocess.Popen[bytes]") -> None:
    """Kills a program that was started in its own session, and all its children."""
    if sys.platform == "win32":
        with suppress(OSError):
            words = ("taskkill", "/T", "/F", "/PID", str(child.pid))
            subprocess.run(words, capture_output=True, check=False)
        child.kill()
    else:
        os.killpg(child.pid, signal.SIGKILL)


def startable(argv: Sequence[str]) -> Sequence[str]:
    """Returns the words with the path of the program on Windows, which itself finds only `.exe` files.

    `npx` is `npx.cmd` there.
    """
    if sys.platform == "win32":
        return (shutil.which(argv[0]) or argv[0], *argv[1:])
    return argv
