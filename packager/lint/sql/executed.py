"""What MariaDB executes of a statement: comments with a version, and the part of a long INSERT that matters.

Source: MariaDB 10.11 and 11.8, asked with every kind of comment (`tests/packager/lint/test_refused.py`).
"""

import re

from installer.bundle.sql.sql_patterns import ANY_COMMENT, COMMENT, QUOTED

OLDEST = 100500  # 10.5: every server that is served executes what is for it or for an older one
NEVER = 200000  # dumps write 999999 for no server at all
OF_MYSQL = range(50700, 100000)  # MariaDB takes these numbers for MySQL's own and skips the comment
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
    """The statement without the marks of comments that MariaDB executes, and without those that it skips.

    None when that depends on the series of the server, or a comment has no end.
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
    """A long INSERT with the beginning of its first row and what stands behind its rows."""
    found = VALUES.match(text) if len(text) > LONG else None
    if found is None:
        return text
    rows = ROWS.sub("''", text[found.end() :])
    behind = AFTER_ROWS.search(rows)
    return f"{found[0]}{rows[:FIRST_ROW]} {behind[0] if behind else ''}"


def _runs(own: str, version: str | None) -> bool | None:
    """Whether MariaDB executes it; None if only some series do."""
    number = int(version or 0)
    if (number in OF_MYSQL and not own) or number >= NEVER:
        return False
    return True if number <= OLDEST else None


def _before(text: str, place: int) -> int:
    """Where to look on: the first such comment that stands in no quotes and no other comment."""
    return next((one.start() for one in OPENS.finditer(text, place) if one["open"]), len(text))


def _inside_end(text: str, place: int) -> int | None:
    """The end of what is executed: quotes and comments in it count as such."""
    return next((one.start() for one in PASSED.finditer(text, place) if one["end"]), None)


def _skipped_end(text: str, place: int) -> int | None:
    """The end of what is skipped: only comments in it count, quotes do not."""
    depth = 1
    for mark in ENDS.finditer(text, place):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return mark.start()
    return None
