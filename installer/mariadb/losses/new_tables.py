"""Judges by its text a statement that creates a table from a query, where rows violate a key.

Seen on MariaDB 10.11: with IGNORE the first of two such rows stays, with REPLACE the last, both without an
error, and `Duplicates` in the server's message counts them.
"""

from installer.bundle.sql.statement_words import begins_with, words_of

MAKES_TABLE = (("CREATE", "TABLE|TEMPORARY"), ("CREATE", "OR", "REPLACE", "TABLE|TEMPORARY"))
BEFORE_QUERY = ("AS", "(", "/", "*")  # `*` and `/` end a version comment
QUERY = ("SELECT", "WITH", "VALUES")


def fills_new_table(sql: str) -> bool:
    """Returns whether a table is created with the rows of a query; VALUES LESS THAN is a partition's."""
    words = _words(sql)
    values = (at for at, word in enumerate(words) if word == "VALUES")
    return "SELECT" in words or any(words[at + 1 : at + 2] == ["("] for at in values)


def word_for_rows(sql: str) -> str:
    """Returns IGNORE or REPLACE where the statement applies it to the rows of its query; otherwise empty."""
    words = _words(sql)
    head = words[: words.index("SELECT") + 1] if "SELECT" in words else words
    said = (at for at, word in enumerate(head) if word in ("IGNORE", "REPLACE"))
    return next((head[at] for at in said if _next_word(head[at + 1 :]) in QUERY), "")


def _words(sql: str) -> list[str]:
    makes_table = any(begins_with(sql, *words) for words in MAKES_TABLE)
    return [word.upper for word in words_of(sql)] if makes_table else []


def _next_word(words: list[str]) -> str:
    return next((word for word in words if word not in BEFORE_QUERY), "")
