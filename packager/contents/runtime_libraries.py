"""Finds the libraries that are packed with the installer, in the running environment."""

import importlib.metadata as metadata
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from installer.errors import Refused
from installer.text import _

NEEDED = ("click", "docker", "pg8000", "pymysql", "pyyaml", "rich")
NEVER_IMPORTED = ("markdown-it-py", "mdurl", "pygments")  # rich needs them for Markdown and source code only
REPLACED = ("certifi", "python-dateutil")  # zipapp.py has its own
OTHER_SYSTEMS = re.compile(r"extra\s*==|win32|Windows")
CODE = (".py", ".pem", ".typed")
LICENSE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)", re.IGNORECASE)


@dataclass(frozen=True)
class LibraryFile:
    """A file of a library: its path below site-packages, and its location."""

    path: str
    source: Path


@dataclass(frozen=True)
class Library:
    """An installed library: its name, its version, and the files to pack."""

    name: str
    version: str
    files: tuple[LibraryFile, ...]


def runtime_libraries() -> tuple[Library, ...]:
    """Returns the installer's libraries and all they require, by name. Raises `Refused` if one is missing."""
    found: dict[str, metadata.Distribution] = {}
    waiting = list(NEEDED)
    while waiting:
        name = waiting.pop()
        if name in found or name in (*NEVER_IMPORTED, *REPLACED):
            continue
        found[name] = _distribution(name)
        waiting += [_canonical(r) for r in found[name].requires or () if not OTHER_SYSTEMS.search(r)]
    return tuple(_library(name, found[name]) for name in sorted(found))


def _distribution(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError as missing:
        raise Refused(
            _("The Python library {name}, which every package contains, is not installed.", name=name),
            hint=f"python3 -m pip install {name}",
        ) from missing


def _canonical(requirement: str) -> str:
    """Returns the normalized name in a requirement: lower case with hyphens."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[._-]+", "-", name[0]).lower() if name else requirement


def _library(name: str, distribution: metadata.Distribution) -> Library:
    paths = sorted(distribution.files or (), key=str)
    files = tuple(
        LibraryFile(str(path), Path(path.locate())) for path in paths if _travels(PurePosixPath(str(path)))
    )
    return Library(name, distribution.version, files)


def _travels(path: PurePosixPath) -> bool:
    if path.parts[0] in ("..", "/") or "__pycache__" in path.parts:
        return False
    return path.suffix in CODE or bool(LICENSE.match(path.name))
