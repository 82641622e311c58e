"""Splits SQL into words, and wraps sqlglot, which reads the elements of a table.

Only `elements` uses sqlglot's trees.
"""

import logging
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from installer.bundle.sql.sql_patterns import ANY_COMMENT, QUOTED

if TYPE_CHECKING:
    from sqlglot.dialects.mysql import MySQL
    from sqlglot.expressions import Expression

QUOTES = ("'", '"', "`")
WORD = re.compile(
    rf"""(?P<blank>\s+|{ANY_COMMENT})
      | (?P<quoted>{QUOTED})
      | [\w$]+ | @@ | :=| ->>? | .""",
    re.VERBOSE | re.DOTALL,
)
SHAPES = (
    *("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"),
    "GEOMETRYCOLLECTION",
)


class NotSql(Exception):
    """The text is not understood."""


@dataclass(frozen=True)
class Word:
    """A word, a quoted name or text without quotes, or a sign; `start` and `end` as in a slice."""

    text: str
    start: int
    end: int
    is_quoted: bool

    @property
    def is_name(self) -> bool:
        """Returns whether the word can name a table, a column or an index."""
        return self.is_quoted or re.fullmatch(r"[\w$]+", self.text) is not None


def words_of(text: str) -> tuple[Word, ...]:
    """Returns the words of a statement without comments. Raises `NotSql` for an unclosed quote."""
    return tuple(_word(found) for found in WORD.finditer(text) if found.lastgroup != "blank")


def _word(found: "re.Match[str]") -> Word:
    text = found[0]
    if text in QUOTES:
        raise NotSql
    if found.lastgroup != "quoted":
        return Word(text, *found.span(), is_quoted=False)
    unquoted = text[1:-1].replace(text[0] * 2, text[0])
    return Word(unquoted, *found.span(), is_quoted=True)


def element(text: str) -> "Expression":
    """Parses a column or a constraint of CREATE TABLE. Raises `NotSql`."""
    from sqlglot import ErrorLevel, exp, parse

    try:
        statements = parse(f"CREATE TABLE t ({text})", dialect=_dialect(), error_level=ErrorLevel.RAISE)
    except Exception as problem:  # sqlglot's errors, and RecursionError for very deep expressions
        raise NotSql from problem
    made = statements[0] if len(statements) == 1 else None
    if not isinstance(made, exp.Create) or made.args.get("expression") or made.args.get("properties"):
        raise NotSql
    elements = made.this.expressions if isinstance(made.this, exp.Schema) else []
    if len(elements) != 1 or not isinstance(elements[0], exp.Expression):
        raise NotSql
    return elements[0]


@cache
def _dialect() -> "type[MySQL]":
    """Returns sqlglot's MySQL dialect, extended by types that it does not know."""
    from sqlglot import TokenType
    from sqlglot.dialects.mysql import MySQL

    logging.getLogger("sqlglot").addHandler(logging.NullHandler())
    logging.getLogger("sqlglot").propagate = False

    class MariaDB(MySQL):
        class Tokenizer(MySQL.Tokenizer):
            KEYWORDS = {  # noqa: RUF012
                **MySQL.Tokenizer.KEYWORDS,
                **dict.fromkeys(SHAPES, TokenType.GEOMETRY),
                "INET4": TokenType.IPV4,
                "INET6": TokenType.IPV6,
            }

    return MariaDB
