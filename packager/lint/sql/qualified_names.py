"""Finds statements whose table may be in another database, or may not exist."""

import re

from packager.lint.sql.blanked import blanked

NAMES = r"(?<![\w`$])[\w`$]+\s*\.\s*[\w`$]+"
PLACES = (
    r"^\s*(?:CREATE|ALTER|DROP|TRUNCATE)\b[^(]*?\bTABLES?\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?",
    r"^\s*(?:DROP|RENAME)\s+TABLES?\b.*?",
    r"^\s*ALTER\b.*?\bRENAME\s+(?:(?:TO|AS)\s+)?",
    r"^\s*(?:CREATE|DROP)\b[^(]*?\bINDEX\b[^(]*?\bON\s+",
    r"^\s*CREATE\b[^(]*?\bTABLE\b.*?\bLIKE\s+",
    r"^\s*(?:INSERT|REPLACE|UPDATE|TRUNCATE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|INTO|TABLE)\s+)*",
)
QUALIFIED = tuple(re.compile(f"{place}{NAMES}", re.IGNORECASE | re.DOTALL) for place in PLACES)
READ = re.compile(rf"\b(?:FROM|JOIN|USING)\s+{NAMES}", re.IGNORECASE)
CONDITION = re.compile(r"\bIF\s+(NOT\s+)?EXISTS\b", re.IGNORECASE)


def is_qualified(text: str) -> bool:
    """Returns whether the table of a statement is written with its database."""
    bare = blanked(text)
    return any(pattern.search(bare) for pattern in QUALIFIED)


def is_lenient(text: str) -> bool:
    """Returns whether the server may accept the statement although a table exists, or does not."""
    bare = blanked(text)
    return any(pattern.search(bare) for pattern in (CONDITION, READ, *QUALIFIED))
