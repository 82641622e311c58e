"""Image references as words: repository, tag, digest."""

import re
from dataclasses import dataclass

VALID = re.compile(
    r"[a-z0-9][a-z0-9._/-]*(:[0-9]+/[a-z0-9._/-]+)?"
    r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
    r"(@sha256:[0-9a-f]{64})?"
)


@dataclass(frozen=True)
class Reference:
    """`repository:tag@digest`; tag and digest may be empty."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def by_tag(self) -> str:
        """How the image is called where no registry can be asked: a digest does not resolve there."""
        return f"{self.repository}:{self.tag or 'latest'}"

    @property
    def last_name(self) -> str:
        """`mariadb` of `registry:5000/bitnami/mariadb`."""
        return self.repository.rpartition("/")[2]


def is_reference(text: str) -> bool:
    """Whether the engine would take this as an image reference."""
    return VALID.fullmatch(text) is not None


def split_reference(text: str) -> Reference:
    """The parts of a reference, also while variables (`${…}`) still stand in it."""
    name, _at, digest = text.partition("@")
    colon = _tag_colon(name)
    return Reference(name[:colon], name[colon + 1 :], digest) if colon >= 0 else Reference(name, "", digest)


def _tag_colon(name: str) -> int:
    """Where the tag's colon stands, or -1: behind the last slash, outside of braces."""
    depth, found = 0, -1
    for position, character in enumerate(name):
        depth += (character == "{") - (character == "}")
        if not depth and character == "/":
            found = -1
        elif not depth and character == ":" and found < 0:
            found = position
    return found
