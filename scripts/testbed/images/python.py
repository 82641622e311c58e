"""python:3.11-slim with pip, so that Dockerfiles install their wheels as they do anywhere."""

import shutil
from pathlib import Path

from testbed.images.busybox import PATH
from testbed.images.recipe import Recipe
from testbed.tree import add_applets, make_usable

PACKAGES = ("python3-minimal", "libpython3-stdlib", "python3-pip-whl", "netbase", "busybox-static")
WITHOUT = ("debconf", "dpkg", "gcc-12-base", "debianutils", "media-types")
UNUSED = ("test", "idlelib", "turtledemo", "lib2to3", "pydoc_data", "ensurepip")


def _finish(root: Path) -> None:
    make_usable(root, user="app", uid=1000)
    add_applets(root)
    library = root / "usr/lib/python3.11"
    for part in UNUSED:
        shutil.rmtree(library / part, ignore_errors=True)
    (library / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
    for name in ("python", "python3"):
        (root / "usr/local/bin" / name).symlink_to("/usr/bin/python3.11")
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
