"""Turns the guides of a delta into those of the whole package by removing what they say about the base."""

import re

from packager.contents.render import DOCUMENTS

ABOUT_BASE = re.compile(rb"<!-- base -->\n.*?<!-- end of base -->\n\n", re.DOTALL)


def is_guide(path: str) -> bool:
    """Returns whether the file at `path` of a package is one of the guides, in any language."""
    name, _dot, rest = path.partition(".")
    return f"{name}.md" in DOCUMENTS and rest.endswith("md")


def whole_document(content: bytes, delta: str, stem: str) -> bytes:
    """Turns the guide of the delta named `delta` into that of the whole package named `stem`."""
    return ABOUT_BASE.sub(b"", content).replace(f"{delta}.".encode(), f"{stem}.".encode())
