"""A Debian on which nothing was installed, with this source tree in it: what a newcomer begins with.

It is a root folder made by debootstrap. A program in it has mounts and processes of its own, which end when
it does.
"""

import os
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
WAYS_OUT = ("/etc/resolv.conf", "/etc/pip.conf", "/usr/local/share/ca-certificates")
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "AIRLOCK_TESTBED": "/cache",
}


@dataclass(frozen=True)
class BareDebian:
    """A root folder, and what it sees as /cache, the folder of its test bed."""

    root: Path
    cache: Path

    def run(self, *words: str, seconds: int) -> "subprocess.CompletedProcess[str]":
        """Run a program in the source tree, as root; what it says is one text."""
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
    """A bare Debian for the time of this context. Without `cache` its test bed makes everything again."""
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
    """The root folder that all begin with, made the first time."""
    return kept(f"bare-{SUITE}", _make)


def _make(folder: Path) -> None:
    output_of("debootstrap", "--variant=minbase", f"--keyring={KEYRING}", SUITE, folder, mirror())


def _copy_sources(folder: Path) -> None:
    """What a clone would have, with what is not committed yet."""
    listed = output_of("git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for path in filter(None, listed.split("\0")):
        if (ROOT / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)


def _copy_ways_out(root: Path) -> None:
    """How this machine resolves names, and whom it trusts."""
    for path in map(Path, WAYS_OUT):
        if path.exists():
            output_of("cp", "--archive", "--dereference", "--parents", path, root)


def _settings_of_this_machine() -> dict[str, str]:
    """Its proxies, mirrors and package indexes."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") or name.startswith("PIP_") or name == "DEB_MIRROR"
    }
