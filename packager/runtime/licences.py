"""Finds the licence texts of the files that are taken from an image."""

import re
from collections.abc import Iterable, Iterator, Mapping

from packager.runtime.image_tree import ImageTree
from packager.runtime.interpreter import Interpreter

LISTS = "var/lib/dpkg/info"
LIST_NAME = re.compile(rf"{LISTS}/([^/:]+)(?::[^/]*)?\.list")


def licences_of(tree: ImageTree, interpreter: Interpreter, taken: Iterable[str]) -> dict[str, bytes]:
    """Maps names, such as "libssl3", to the licence of each Debian package that a `taken` file is from."""
    found = {}
    if own := tree.real(f"{interpreter.library}/LICENSE.txt"):
        found["python"] = tree.content(own)
    owners = _owners(tree)
    for package in sorted({owners[path] for path in _both_names(taken) if path in owners}):
        if text := tree.real(f"usr/share/doc/{package}/copyright"):
            found[package] = tree.content(text)
    return found


def _owners(tree: ImageTree) -> Mapping[str, str]:
    """Maps the files of all Debian packages to the package's name."""
    return {
        line.decode("utf-8", "replace").strip("/"): named[1]
        for path in tree.files
        if (named := LIST_NAME.fullmatch(path))
        for line in tree.content(path).splitlines()
    }


def _both_names(paths: Iterable[str]) -> Iterator[str]:
    """Yields each path as it is and, since Debian merged both folders, without /usr."""
    for path in paths:
        yield path
        yield path.removeprefix("usr/")
