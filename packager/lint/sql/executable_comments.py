"""Returns what MariaDB executes of a statement: executable comments resolved, long INSERTs shortened.

Source: MariaDB 10.11 and 11.8, tried with every kind of comment (`tests/packager/lint/test_refused.py`).
"""

import re

from installer.bundle.sql.sql_patterns import ANY_COMMENT, COMMENT, QUOTED

OLDEST = 100500  # 10.5: every supported server executes comments for this or an older version
NEVER = 200000  # dumps write 999999 to mean no server
OF_MYSQL = range(50700, 100000)  # MariaDB treats these as versions of MySQL and skips the comment
OPEN = re.compile(r"/\*(?P<own>M?)!(?P<version>\d{5,6})?")
PASSED = re.compile(rf"{QUOTED}|{COMMENT}|(?P<end>\*/)", re.DOTALL)
OPENS = re.compile(rf"{QUOTED}|{COMMENT}|(?P<open>/\*M?!)", re.DOTALL)
ENDS = re.compile(r"/\*|\*/")
LONG = 2000
VALUES = re.compile(rf"\s*(?:INSERT|REPLACE)\b(?:{QUOTED}|[^'\"`;])*?\bVALUES?\b", re.IGNORECASE | re.DOTALL)
ROWS = re.compile(f"{QUOTED}|{ANY_COMMENT}", re.DOTALL)
AFTER_ROWS = re.compile(r"\b(?:AS\s+\w+|ON\s+DUPLICATE\s+KEY)\b.*", re.IGNORECASE | re.DOTALL)
FIRST_ROW = 200


def executed(text: str) -> str | None:
    """Returns the statement with executed comments unwrapped and skipped comments removed.

    Returns None if that depends on the series of the server, or if a comment has no end.
    """
    place, kept = 0, ""
    while found := OPEN.search(text, _before(text, place)):
        runs = _runs(found["own"], found["version"])
        end = _inside_end(text, found.end()) if runs else _skipped_end(text, found.end())
        if runs is None or end is None:
            return None
        kept += text[place : found.start()] + (f" {text[found.end() : end]} " if runs else " ")
        place = end + 2
    return kept + text[place:]


def without_rows(text: str) -> str:
    """Returns a long INSERT with only the start of its first row and what follows its rows."""
    found = VALUES.match(text) if len(text) > LONG else None
    if found is None:
        return text
    rows = ROWS.sub("''", text[found.end() :])
    behind = AFTER_ROWS.search(rows)
    return f"{found[0]}{rows[:FIRST_ROW]} {behind[0] if behind else ''}"


def _runs(own: str, version: str | None) -> bool | None:
    """Returns whether MariaDB executes the comment; None if only some series do."""
    number = int(version or 0)
    if (number in OF_MYSQL and not own) or number >= NEVER:
        return False
    return True if number <= OLDEST else None


def _before(text: str, place: int) -> int:
    """Returns where to search next: the first such comment outside of quotes and other comments."""
    return next((one.start() for one in OPENS.finditer(text, place) if one["open"]), len(text))


def _inside_end(text: str, place: int) -> int | None:
    """Returns the end of an executed comment: quotes and comments inside it are respected."""
    return next((one.start() for one in PASSED.finditer(text, place) if one["end"]), None)


def _skipped_end(text: str, place: int) -> int | None:
    """Returns the end of a skipped comment: only comments inside it are respected, not quotes."""
    depth = 1
    for mark in ENDS.finditer(text, place):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return mark.start()
    return None
