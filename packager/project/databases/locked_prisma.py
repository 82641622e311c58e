"""Finds the version of Prisma that a project applies its migrations with, in its lock file."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from installer.bundle.manifest.versions import read_version

PACKAGES = ("prisma", "@prisma/client", "@prisma/engines")  # they are released together
FOLDER = "node_modules/"
VERSION = r"(?P<version>\d+\.\d+\.\d+[0-9A-Za-z.+-]*)"
Read = Callable[[str, str], Iterator[str]]


def locked_prisma(schema_folder: Path, project: Path) -> str | None:
    """Returns the version in the nearest lock file that has Prisma, from the schema's folder upwards.

    None if there is none, or if it has several versions and does not say which is the schema's.
    """
    root, start = project.resolve(), schema_folder.resolve()
    for place in (start, *start.parents):
        if place != root and root not in place.parents:
            return None
        versions = _versions_in(place, _path_from(place, start))
        if versions:
            return versions.pop() if len(versions) == 1 else None
    return None


def _versions_in(place: Path, below: str) -> set[str]:
    """Returns the versions in the lock file of a folder; of npm's, the one that the folder `below` uses."""
    for name, read in READERS.items():
        file = place / name
        text = file.read_text("utf-8", "replace") if file.is_file() else ""
        for package in PACKAGES if text else ():
            found = {version for version in read(text, package) if read_version(version)}
            if found:
                return set(_nearest(text, package, below)) or found if read is _of_npm else found
    return set()


def _of_npm(text: str, package: str) -> Iterator[str]:
    for path, version in _npm_packages(text):
        if path == package or path.endswith(f"{FOLDER}{package}"):
            yield version


def _nearest(text: str, package: str, below: str) -> Iterator[str]:
    """Yields the version that Node would find from `below`: the one in the nearest `node_modules`."""
    there = dict(_npm_packages(text))
    folders = below.split("/") if below else []
    above = ("/".join(folders[:count]) for count in range(len(folders), -1, -1))
    paths = (f"{folder}/{FOLDER}{package}".lstrip("/") for folder in above)
    found = next((there[path] for path in paths if path in there), None)
    if found and read_version(found):
        yield found


def _npm_packages(text: str) -> Iterator[tuple[str, str]]:
    """Yields path and version of each package; in old files, of those at the top only, by name."""
    try:
        document = json.loads(text)
    except ValueError:
        return
    listed = document.get("packages") or document.get("dependencies") if isinstance(document, dict) else None
    for path, package in listed.items() if isinstance(listed, dict) else ():
        if isinstance(package, dict) and isinstance(package.get("version"), str):
            yield path, package["version"]


def _of_yarn(text: str, package: str) -> Iterator[str]:
    """Yields the versions in the two forms of yarn.lock: `version "5.22.0"` and `version: 5.22.0`."""
    entry = rf'^"?{re.escape(package)}@[^\n]*:\n(?:[ \t]+[^\n]*\n)*?[ \t]+version:?[ \t]+"?{VERSION}'
    return _matches(entry, text)


def _of_pnpm(text: str, package: str) -> Iterator[str]:
    """Yields the versions in the keys of packages: `/prisma/5.22.0:`, `/prisma@5.22.0:`, `prisma@5.22.0:`."""
    return _matches(rf"^[ \t]+['\"]?/?{re.escape(package)}[@/]{VERSION}(?:[(_][^\n]*)?['\"]?:", text)


def _of_bun(text: str, package: str) -> Iterator[str]:
    return _matches(
        rf'^[ \t]*"(?:[^"\n]*/)?{re.escape(package)}":[ \t]*\["{re.escape(package)}@{VERSION}"', text
    )


READERS: Mapping[str, Read] = {
    "package-lock.json": _of_npm,
    "npm-shrinkwrap.json": _of_npm,
    "pnpm-lock.yaml": _of_pnpm,
    "yarn.lock": _of_yarn,
    "bun.lock": _of_bun,
}


def _matches(pattern: str, text: str) -> Iterator[str]:
    return (found["version"] for found in re.finditer(pattern, text, re.MULTILINE))


def _path_from(place: Path, start: Path) -> str:
    path = start.relative_to(place).as_posix()
    return "" if path == "." else path
