"""Splits SQL into words that are complete, and wraps sqlglot, which reads the elements of a table.

Only `elements` uses sqlglot's trees.
"""

import logging
from functools import cache
from typing import TYPE_CHECKING

from installer.bundle.sql import statement_words
from installer.bundle.sql.statement_words import Word

if TYPE_CHECKING:
    from sqlglot.dialects.mysql import MySQL
    from sqlglot.expressions import Expression

UNCLOSED = ("'", '"', "`")
SHAPES = (
    *("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"),
    "GEOMETRYCOLLECTION",
)


class NotSql(Exception):
    """The text is not understood."""


def words_of(text: str) -> tuple[Word, ...]:
    """Returns the words of a statement without comments. Raises `NotSql` for an unclosed quote."""
    words = statement_words.words_of(text)
    if any(word.upper in UNCLOSED for word in words):
        raise NotSql
    return words


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
