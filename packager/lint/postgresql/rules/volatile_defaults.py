"""Finds defaults that the server computes for each existing row, rather than once for all."""

from itertools import pairwise

from installer.bundle.sql.postgresql_statements import tokens_of

COMPUTED_ONCE = (  # functions that are stable or immutable, and types that may have a size
    "NOW", "TRANSACTION_TIMESTAMP", "STATEMENT_TIMESTAMP", "TIMEZONE", "DATE_TRUNC", "DATE_PART",
    "TO_TIMESTAMP", "TO_DATE", "TO_CHAR", "TO_NUMBER", "TO_JSON", "TO_JSONB", "JSON_BUILD_OBJECT",
    "JSON_BUILD_ARRAY", "JSONB_BUILD_OBJECT", "JSONB_BUILD_ARRAY", "MAKE_DATE", "MAKE_INTERVAL",
    "COALESCE", "NULLIF", "GREATEST", "LEAST", "CONCAT", "LOWER", "UPPER", "LENGTH", "REPLACE", "MD5",
    "LEFT", "RIGHT", "REPEAT", "LPAD", "RPAD", "ROUND", "FLOOR", "CEIL", "ABS", "ARRAY", "ROW", "CAST",
    "EXTRACT", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_TIME", "LOCALTIME", "CURRENT_SETTING",
    "VARCHAR", "CHAR", "CHARACTER", "VARYING", "NUMERIC", "DECIMAL", "TIMESTAMP", "TIMESTAMPTZ", "TIME",
    "TIMETZ", "INTERVAL", "BIT", "AND", "OR", "IN", "NOT", "DECODE", "ENCODE", "SHA256", "CONCAT_WS",
)  # fmt: skip


def is_volatile(default: str) -> bool:
    """Returns whether a default may differ from row to row; a function that is not known may."""
    tokens = [*tokens_of(default)]
    called = [token for token, after in pairwise(tokens) if after.upper == "(" and token.kind == "word"]
    return any(token.upper not in COMPUTED_ONCE for token in called)
