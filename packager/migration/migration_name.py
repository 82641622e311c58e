"""Names migration folders as Prisma does: the time in UTC, then the words in lower case.

Source: prisma `getMigrationName` (@sindresorhus/slugify with `_`, then cut to 200 characters).
"""

import re
import unicodedata
from datetime import datetime, timezone

from installer.errors import UsageProblem
from installer.text import _

LONGEST = 200
STAMP = "%Y%m%d%H%M%S"
WRITTEN_OUT = {
    "&": " and ", "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe",
    "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ı": "i",
}  # fmt: skip
HUMPS = (
    (r"([A-Z]{2,})([a-z\d]+)", r"\1 \2"),
    (r"([a-z\d]+)([A-Z]{2,})", r"\1 \2"),
    (r"([a-z\d])([A-Z])", r"\1 \2"),
    (r"([A-Z]+)([A-Z][a-z\d]+)", r"\1 \2"),
)


def migration_folder(words: str, now: datetime) -> str:
    """Returns the folder's name, such as `20260105070245_add_user_department`. Raises `UsageProblem`."""
    name = sanitised(words)
    if not name:
        raise UsageProblem(
            _("{name} contains no characters that are allowed in a folder name.", name=words),
            hint=_("Use letters a to z and digits: `airlock migration new add_user_department`"),
        )
    return f"{now.astimezone(timezone.utc).strftime(STAMP)}_{name}"


def sanitised(words: str) -> str:
    """Returns the words as Prisma writes them: `add_user_s_team` for `Add user's Team!`."""
    text = "".join(WRITTEN_OUT.get(letter, letter) for letter in words)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    for pattern, replacement in HUMPS:
        text = re.sub(pattern, replacement, text, flags=re.ASCII)
    return re.sub(r"[^a-z\d]+", "_", text.lower(), flags=re.ASCII).strip("_")[:LONGEST]
