"""Shows the difference between a delivered file and the site's: limited in length, without secrets."""

import re
from collections.abc import Sequence
from difflib import unified_diff

from installer.bundle.layout import shown
from installer.text import _

LONGEST_BYTES = 1 << 18
SECRET = re.compile(
    r"(?i)([\w.-]*(?:passw|pwd|secret|token|api_?key|credential|private)[\w.-]*[\"']?\s*[:= ]\s*)\S.*"
)
IN_ADDRESS = re.compile(r"(://[^/\s:@]*:)[^@\s]+@")
MASK = "***"


def difference(before: bytes | None, after: bytes, name: str) -> list[str]:
    """Returns a unified diff from `before`, None where there is no such file, to `after`, as lines."""
    if not (is_text(before or b"") and is_text(after)):
        return [_("{name}: too long or not text, so no difference is shown", name=name)]
    old, new = _lines(before or b""), _lines(after)
    return [_masked(shown(line)) for line in list(unified_diff(old, new, lineterm="", n=1))[2:]]


def is_text(content: bytes) -> bool:
    """Returns whether a person can read the content and compare it with another version."""
    return len(content) <= LONGEST_BYTES and b"\0" not in content


def bounded(lines: Sequence[str], most: int) -> list[str]:
    """Returns the first `most` lines, and a line with the number of those left out."""
    if len(lines) <= most:
        return list(lines)
    return [*lines[:most], _("… {count} more lines, in the log", count=len(lines) - most)]


def _lines(content: bytes) -> list[str]:
    return [line.expandtabs() for line in content.decode("utf-8", "replace").splitlines()]


def _masked(line: str) -> str:
    return IN_ADDRESS.sub(rf"\1{MASK}@", SECRET.sub(rf"\1{MASK}", line))
