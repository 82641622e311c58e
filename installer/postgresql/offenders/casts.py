"""Finds out from the text of an ALTER TABLE how it computes a column's new values from the old ones."""

from collections.abc import Sequence

from installer.bundle.sql.postgresql_statements import Token, tokens_of
from installer.postgresql.server.queries import quoted

BETWEEN_WORDS = ("COLUMN", "SET", "DATA")


def is_cast_only(sql: str, column: str) -> bool | None:
    """Returns whether the new values of `column` are casts of the old ones.

    True for an explicit cast in USING, False for none at all, None for any other expression.
    """
    using = _using(tuple(tokens_of(sql)), column)
    if using is None:
        return False
    while using[:1] and using[0].text == "(" and _closes(using) == len(using) - 1:
        using = using[1:-1]
    rest = using[1:]
    if not using or not is_named(using[0], column) or [one.text for one in rest[:2]] != [":", ":"]:
        return None
    return True if all(_is_of_type(one) for one in rest) else None


def is_named(token: Token, name: str) -> bool:
    """Returns whether a word or a quoted name means this name."""
    return token.text.lower() == name if token.kind == "word" else token.text == quoted(name)


def _using(tokens: Sequence[Token], column: str) -> Sequence[Token] | None:
    """Returns the words of the expression behind USING for this column; None without one."""
    named = ""
    for at, token in enumerate(tokens):
        if token.upper == "ALTER":
            rest = [one for one in tokens[at + 1 : at + 3] if one.upper not in BETWEEN_WORDS]
            named = column if rest and is_named(rest[0], column) else ""
        if token.upper == "USING" and named:
            return _until_comma(tokens[at + 1 :])
    return None


def _until_comma(tokens: Sequence[Token]) -> Sequence[Token]:
    depth = 0
    for at, token in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text in (",", ";") and depth == 0:
            return tokens[:at]
    return tokens


def _closes(tokens: Sequence[Token]) -> int:
    """Returns where the parenthesis that the words begin with is closed."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return at
    return -1


def _is_of_type(token: Token) -> bool:
    return token.kind in ("word", "name") or token.text in (":", ".", "[", "]")
