"""Turns the guides of a delta into those of the whole package, and back: what they say of the base."""

import re

from packager.contents.render import DOCUMENTS

ABOUT_BASE = re.compile(rb"<!-- base -->\n.*?<!-- end of base -->\n\n", re.DOTALL)
PLACES = {  # what stands before the section about the base; in every language
    "DEPLOYMENT_GUIDE": re.compile(rb"# .*?\n## .*?(?=\n## )\n", re.DOTALL),
    "MIGRATIONS": re.compile(rb"# .*?\n\n.*?\n\n", re.DOTALL),
}


def is_guide(path: str) -> bool:
    """Returns whether the file at `path` of a package is one of the guides, in any language."""
    name, _dot, rest = path.partition(".")
    return f"{name}.md" in DOCUMENTS and rest.endswith("md")


def whole_document(content: bytes, delta: str, stem: str) -> bytes:
    """Turns the guide of the delta named `delta` into that of the whole package named `stem`."""
    return ABOUT_BASE.sub(b"", content).replace(f"{delta}.".encode(), f"{stem}.".encode())


def delta_document(path: str, content: bytes, section: bytes, whole: str, delta: str) -> bytes:
    """Turns the guide of the whole package into that of a delta, with a section about its base.

    `whole` and `delta` are the names of the package files.
    """
    renamed = content.replace(whole.encode(), delta.encode())
    before = PLACES[path.partition(".")[0]].match(renamed)
    place = before.end() if before else len(renamed)
    return renamed[:place] + section + renamed[place:]
