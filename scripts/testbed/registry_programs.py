"""Provides an image registry and a program that reads from one, unpacked into the cache from Debian packages.

`docker-registry` is the reference implementation of the distribution protocol; `skopeo` comes from elsewhere.
Installs nothing.
"""

from pathlib import Path

from testbed.cache import kept, working_folder
from testbed.debian import suite
from testbed.tree import unpack

LIBRARIES = ("libassuan0", "libdevmapper1.02.1", "libgpg-error0", "libgpgme11", "libselinux1", "libudev1")


def registry_programs() -> Path:
    """Returns a root folder with `docker-registry` and `skopeo`; downloads it the first time.

    The libraries of `skopeo` are in there, too.
    """
    return kept("registry-programs", _make)


def _make(folder: Path) -> None:
    packages = ("docker-registry", "skopeo", *LIBRARIES, "libpcre2-8-0")
    with working_folder() as work:
        unpack(suite("bookworm").download(packages, work), folder)
