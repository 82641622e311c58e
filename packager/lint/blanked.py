"""Statements without what their texts and comments say, and the names in an expression."""

import re

BLANKED = re.compile(
    r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|\#[^\n]*|--(?=\s|$)[^\n]*|/\*.*?\*/|`(?:[^`]|``)*`""",
    re.DOTALL,
)


def blanked(text: str) -> str:
    """The statement with empty texts, `x` for every name in backquotes, and no comments."""
    return BLANKED.sub(_blank, text)


def _blank(found: "re.Match[str]") -> str:
    return {"'": "''", '"': "''", "`": "`x`"}.get(found[0][0], " ")
