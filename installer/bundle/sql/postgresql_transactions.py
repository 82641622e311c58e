"""Finds the statements of a PostgreSQL script that the server runs only outside of a transaction.

A script is sent as one message, which is one transaction, unless it has such a statement among others.
Source: the calls of `PreventInTransactionBlock` in PostgreSQL 15 to 18.
"""

import re

from installer.bundle.sql.postgresql_statements import split_postgresql, tokens_of

BEGINNINGS = (
    ("VACUUM",),
    ("ALTER", "SYSTEM"),
    ("CREATE", "DATABASE"),
    ("DROP", "DATABASE"),
    ("CREATE", "TABLESPACE"),
    ("DROP", "TABLESPACE"),
    ("DISCARD", "ALL"),
)
CONCURRENTLY = (
    ("CREATE", "INDEX"),
    ("CREATE", "UNIQUE"),
    ("DROP", "INDEX"),
    ("REINDEX",),
    ("ALTER", "TABLE"),
)
WHOLE = (("REINDEX", "DATABASE"), ("REINDEX", "SYSTEM"), ("REINDEX", "SCHEMA"))
MAY_BE = re.compile(
    r"\b(VACUUM|SYSTEM|DATABASE|TABLESPACE|DISCARD|CLUSTER|SCHEMA|CONCURRENTLY)\b", re.IGNORECASE
)
READ = 40  # words: enough for where these statements say it


def must_be_split(script: str) -> bool:
    """Returns whether a script has a statement among others that the server refuses in a transaction."""
    if not MAY_BE.search(script):
        return False
    statements = split_postgresql(script)
    return len(statements) > 1 and any(runs_only_alone(one.text) for one in statements)


def runs_only_alone(sql: str) -> bool:
    """Returns whether the server refuses the statement in a transaction (SQLSTATE 25001)."""
    words = _words(sql)
    if any(words[: len(begin)] == begin for begin in BEGINNINGS):
        return True
    if words[:1] == ("CLUSTER",):
        return len(_without_options(words)) == 1  # all tables
    if any(_without_options(words)[: len(begin)] == begin for begin in WHOLE):
        return True
    return "CONCURRENTLY" in words and any(words[: len(begin)] == begin for begin in CONCURRENTLY)


def _words(sql: str) -> tuple[str, ...]:
    return tuple(token.upper for token, _at in zip(tokens_of(sql), range(READ), strict=False))


def _without_options(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words without the options in parentheses after the first one: `REINDEX (VERBOSE) TABLE`."""
    if words[1:2] == ("(",) and ")" in words:
        words = (words[0], *words[words.index(")") + 1 :])
    return tuple(word for at, word in enumerate(words) if at == 0 or word != "VERBOSE")
