"""Turns the guides of a delta into those of the whole package: what they say about its base goes."""

import re

from packager.contents.render import DOCUMENTS

ABOUT_BASE = re.compile(rb"<!-- base -->\n.*?<!-- end of base -->\n\n", re.DOTALL)


def is_guide(path: str) -> bool:
    """Whether the file at `path` of a package is one of the guides, in any language."""
    name, _dot, rest = path.partition(".")
    return f"{name}.md" in DOCUMENTS and rest.endswith("md")


def whole_document(content: bytes, delta: str, stem: str) -> bytes:
    """The guide as the whole package has it, whose file is named `stem` and not, as the delta, `delta`."""
    return ABOUT_BASE.sub(b"", content).replace(f"{delta}.".encode(), f"{stem}.".encode())
