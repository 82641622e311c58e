"""Removes from definitions of MySQL what the server writes differently after a dump and its restore.

Of a routine, trigger or event with one statement as its body, MySQL keeps the semicolon if another statement
followed in the same message: migrations are sent so. The character set of a column's collation is named only
if the CREATE TABLE named one of the two, as that of a dump does.
"""

import re

SAME_SET = re.compile(r" CHARACTER SET (\w+) COLLATE \1_")
LAST_SEMICOLON = re.compile(r"\s*;\s*$")


def written_alike(kind: str, text: str) -> str:
    """Returns a text in the definition of an object of this kind as MySQL writes it after a restore."""
    if kind == "table":
        return SAME_SET.sub(r" COLLATE \1_", text)
    return LAST_SEMICOLON.sub("", text)
