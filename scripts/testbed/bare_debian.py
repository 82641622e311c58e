"""Runs programs in a bare Debian with this source tree, as a newcomer has it.

It is a root folder made by debootstrap. A program in it has its own mounts and processes, which end with it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.cache import kept, working_folder
from testbed.command import output_of
from testbed.debian import KEYRING, mirror

SUITE = "bookworm"
ROOT = Path(__file__).resolve().parents[2]
ENTER = Path(__file__).with_name("enter.sh")
NETWORK = "AIRLOCK_OUTSIDE_NETWORK"  # tests run on a server, which has none
THIS_NETWORK = f"/proc/{os.getpid()}/ns/net"
SETTINGS = re.compile(r".*_proxy|DEB_MIRROR|PIP_(EXTRA_)?INDEX_URL|PIP_TRUSTED_HOST", re.IGNORECASE)
WAYS_OUT = ("/etc/resolv.conf", "/etc/pip.conf", "/usr/local/share/ca-certificates")
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "AIRLOCK_TESTBED": "/cache",
    "PIP_NO_COMPILE": "1",  # most modules are never imported in there
}


@dataclass(frozen=True)
class BareDebian:
    """A root folder, and the folder mounted there as /cache for its test bed."""

    root: Path
    cache: Path

    def run(self, *words: str, seconds: int) -> "subprocess.CompletedProcess[str]":
        """Runs a program in the source tree, as root; stdout and stderr are one text."""
        network = os.environ.get(NETWORK, THIS_NETWORK)
        own = ("nsenter", f"--net={network}", "unshare", "--mount", "--pid", "--fork", "--kill-child")
        return subprocess.run(
            (*own, "sh", ENTER, self.root, self.cache, *words),
            env={**_settings_of_this_machine(), **ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )


@contextmanager
def bare_debian(cache: Path | None = None) -> Iterator[BareDebian]:
    """Yields a bare Debian. Without `cache`, its test bed creates everything again."""
    base = base_folder()
    with working_folder() as folder:
        root = folder / "root"
        output_of("cp", "--archive", base, root)
        for path in (root / "airlock", root / "cache", root / "servers", folder / "cache"):
            path.mkdir()
        _copy_sources(root / "airlock")
        _copy_ways_out(root)
        yield BareDebian(root, cache or folder / "cache")


def base_folder() -> Path:
    """Returns the root folder that all are copied from; creates it the first time."""
    return kept(f"bare-{SUITE}", _make)


def _make(folder: Path) -> None:
    output_of("debootstrap", "--variant=minbase", f"--keyring={KEYRING}", SUITE, folder, mirror())


def _copy_sources(folder: Path) -> None:
    """Copies the source tree like a clone, with uncommitted changes."""
    listed = output_of("git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for path in filter(None, listed.split("\0")):
        if (ROOT / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)


def _copy_ways_out(root: Path) -> None:
    """Copies this machine's settings for name resolution, pip and certificates."""
    for path in map(Path, WAYS_OUT):
        if path.exists():
            output_of("cp", "--archive", "--dereference", "--parents", path, root)


def _settings_of_this_machine() -> dict[str, str]:
    """Returns the variables for proxies, mirrors and package indexes."""
    return {name: value for name, value in os.environ.items() if SETTINGS.fullmatch(name)}
