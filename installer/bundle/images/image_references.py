"""Splits image references into repository, tag and digest."""

import re
from dataclasses import dataclass

VALID = re.compile(
    r"[a-z0-9][a-z0-9._/-]*(:[0-9]+/[a-z0-9._/-]+)?"
    r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
    r"(@sha256:[0-9a-f]{64})?"
)


@dataclass(frozen=True)
class Reference:
    """An image reference `repository:tag@digest`; tag and digest may be empty."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def by_tag(self) -> str:
        """Returns the reference with its tag only: without a registry, a digest cannot be resolved."""
        return f"{self.repository}:{self.tag or 'latest'}"

    @property
    def last_name(self) -> str:
        """Returns the last part of the repository: `mariadb` for `registry:5000/bitnami/mariadb`."""
        return self.repository.rpartition("/")[2]


def is_reference(text: str) -> bool:
    """Returns whether the engine would accept this as an image reference."""
    return VALID.fullmatch(text) is not None


def split_reference(text: str) -> Reference:
    """Splits a reference into its parts, also if it still contains variables (`${…}`)."""
    name, _at, digest = text.partition("@")
    colon = _tag_colon(name)
    return Reference(name[:colon], name[colon + 1 :], digest) if colon >= 0 else Reference(name, "", digest)


def _tag_colon(name: str) -> int:
    """Returns the position of the tag's colon (after the last slash, outside of braces), or -1."""
    depth, found = 0, -1
    for position, character in enumerate(name):
        depth += (character == "{") - (character == "}")
        if not depth and character == "/":
            found = -1
        elif not depth and character == ":" and found < 0:
            found = position
    return found
