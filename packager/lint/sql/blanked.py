"""Blanks the texts and comments of statements, and finds the names in an expression."""

import re

from installer.bundle.sql.sql_patterns import ANY_COMMENT, QUOTED, TEXT

BLANKED = re.compile(f"{QUOTED}|{ANY_COMMENT}", re.DOTALL)
TEXTS = re.compile(TEXT, re.DOTALL)
LITERAL = re.compile(r"'((?:[^'\\]|'')*)'")  # without backslashes, so that its value is certain
NAMES = re.compile(r"`((?:[^`]|``)+)`|\b([^\W\d]\w*)\b(?!\s*\()")


def without_texts(expression: str) -> str:
    """Returns the expression with empty texts."""
    return TEXTS.sub("''", expression)


def names_in(expression: str) -> set[str]:
    """Returns possible column names in lower case, without texts and functions."""
    found = NAMES.findall(without_texts(expression))
    return {(quoted.replace("``", "`") or bare).lower() for quoted, bare in found}


def blanked(text: str) -> str:
    """Returns the statement with empty texts, `x` for every name in backquotes, and no comments."""
    return BLANKED.sub(_blank, text)


def _blank(found: "re.Match[str]") -> str:
    return {"'": "''", '"': "''", "`": "`x`"}.get(found[0][0], " ")
