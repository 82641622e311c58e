"""Judges by its text whether a script may change values or delete rows.

Only what is known to be harmless is let go: what a function does is not in the text. Triggers that the
database has already are not considered.
"""

from collections.abc import Sequence
from itertools import pairwise

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import Token, split_postgresql, tokens_of

Words = Sequence[Token]
HARMLESS = frozenset((
    "ANALYZE", "BEGIN", "CLUSTER", "COMMENT", "COMMIT", "END", "GRANT", "LOCK", "REINDEX", "RELEASE",
    "REVOKE", "ROLLBACK", "SAVEPOINT", "SET", "START", "VACUUM",
))  # fmt: skip
CREATED = frozenset((
    "COLLATION", "DOMAIN", "EXTENSION", "FUNCTION", "INDEX", "OPERATOR", "POLICY", "PROCEDURE",
    "PUBLICATION", "ROLE", "SCHEMA", "SEQUENCE", "STATISTICS", "TABLE", "TYPE", "UNIQUE", "UNLOGGED",
    "USER", "VIEW",
))  # fmt: skip
ALTERED = frozenset((
    "COLLATION", "DATABASE", "DEFAULT", "DOMAIN", "FUNCTION", "INDEX", "POLICY", "PROCEDURE",
    "PUBLICATION", "ROLE", "SCHEMA", "SEQUENCE", "STATISTICS", "TABLE", "TRIGGER", "TYPE", "USER",
    "VIEW",
))  # fmt: skip
DROPPED = frozenset((
    "AGGREGATE", "COLLATION", "FUNCTION", "INDEX", "POLICY", "PROCEDURE", "ROLE", "STATISTICS",
    "TRIGGER", "USER", "VIEW",
))  # fmt: skip
BEFORE_THE_KIND = ("OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "RECURSIVE")
FILLS = frozenset({"SELECT", "EXECUTE", "VALUES"})
CHANGES_TABLES = frozenset({"ATTACH", "ATTRIBUTE", "DETACH", "EXPRESSION", "INHERIT", "TYPE", "UNLOGGED"})
ONLY_A_RULE_FOR_ROWS = frozenset({"CONSTRAINT", "DEFAULT", "IDENTITY", "NOT"})  # what ALTER TABLE drops
KNOWN_FUNCTIONS = frozenset((
    "CURRENT_TIMESTAMP", "GEN_RANDOM_UUID", "LOWER", "MD5", "NEXTVAL", "NOW", "UPPER",
    "UUID_GENERATE_V4", "VALUES",
))  # fmt: skip


def may_lose_values(migration: Migration) -> bool:
    """Returns False only if the script only adds objects, columns and rows, or changes what is allowed."""
    return any(_may(tuple(tokens_of(statement.text))) for statement in split_postgresql(migration.text))


def _may(words: Words) -> bool:
    first = words[0].upper
    if first == "CREATE":
        return _creates_more(words)
    if first == "ALTER":
        return _alters_values(words)
    if first == "DROP":
        return words[-1].upper == "CASCADE" or _upper(words[1:2]).isdisjoint(DROPPED)
    if first == "INSERT":
        return _inserts_more(words)
    return first not in HARMLESS


def _creates_more(words: Words) -> bool:
    """Returns whether something else is created, or a table is filled; a function is only defined."""
    kind = next((word.upper for word in words[1:] if word.upper not in BEFORE_THE_KIND), "")
    fills = kind in ("TABLE", "UNLOGGED", "SCHEMA") and bool(FILLS & _upper(words))
    return kind not in CREATED or fills


def _alters_values(words: Words) -> bool:
    if _upper(words[1:2]).isdisjoint(ALTERED):
        return True
    drops = {two.upper for one, two in pairwise(words) if one.upper == "DROP"}
    return bool(CHANGES_TABLES & _upper(words[2:])) or not drops <= ONLY_A_RULE_FOR_ROWS


def _inserts_more(words: Words) -> bool:
    """Returns whether an INSERT does more than adding constants."""
    upper = _upper(words)
    if upper & {"CONFLICT", "SELECT", "WITH", "TABLE"} or "VALUES" not in upper | {"DEFAULT"}:
        return True
    values = next((at for at, word in enumerate(words) if word.upper == "VALUES"), len(words))
    calls = {
        one.text.strip('"').upper()
        for one, two in pairwise(words[values:])
        if two.text == "(" and one.kind in ("word", "name")
    }
    return not calls <= KNOWN_FUNCTIONS


def _upper(words: Words) -> frozenset[str]:
    return frozenset(word.upper for word in words)
