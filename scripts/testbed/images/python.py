"""python:3.11-slim and its like, with pip, so that Dockerfiles install their wheels as they do anywhere.

The one of a newer Debian has a glibc that is newer than that of most machines that tests run on.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from testbed.images.busybox import PATH
from testbed.images.recipe import Recipe
from testbed.tree import add_applets, make_usable

PACKAGES = ("python3-minimal", "libpython3-stdlib", "python3-pip-whl", "netbase", "busybox-static")
WITHOUT = ("debconf", "dpkg", "gcc-.*-base", "debianutils", "media-types")
UNUSED = ("test", "idlelib", "turtledemo", "lib2to3", "pydoc_data", "ensurepip")


def _finish(root: Path) -> None:
    make_usable(root, user="app", uid=1000)
    add_applets(root)
    (library,) = (root / "usr/lib").glob("python3.*")
    for part in UNUSED:
        shutil.rmtree(library / part, ignore_errors=True)
    (library / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
    for name in ("python", "python3"):
        (root / "usr/local/bin" / name).symlink_to(f"/usr/bin/{library.name}")
    _add_pip(root)


def _add_pip(root: Path) -> None:
    """pip runs from its wheel; the full Debian package would bring a compiler along."""
    wheel = next((root / "usr/share/python-wheels").glob("pip-*.whl"))
    program = root / "usr/local/bin/pip"
    program.write_text(f'#!/bin/sh\nexec python3 /usr/share/python-wheels/{wheel.name}/pip "$@"\n')
    program.chmod(0o755)


PYTHON = Recipe(
    "python:3.11-slim", "bookworm", PACKAGES, _finish, {"Env": [PATH], "Cmd": ["python3"]}, WITHOUT
)
PYTHON_OF_PACKAGES = replace(PYTHON, reference="python:3.11-slim-bookworm")  # the default of `airlock export`
PYTHON_3_13 = replace(PYTHON, reference="python:3.13-slim", suite="trixie")
