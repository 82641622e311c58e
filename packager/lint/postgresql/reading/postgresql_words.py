"""Cuts statements of PostgreSQL into words for the cursor that reads them, and takes names from it."""

import re

from installer.bundle.sql.postgresql_statements import Token, tokens_of
from installer.bundle.sql.statement_words import Word
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

LONGEST = 100_000  # characters of a statement that are read: an INSERT may have megabytes
DEFAULT_SCHEMA = "public"
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def words_of(sql: str) -> Words:
    """Returns a cursor over the words; unquoted names are in lower case, as the server folds them."""
    read = sql[:LONGEST]
    return Words(read, tuple(_word(token) for token in tokens_of(read)))


def relation(words: Words) -> str:
    """Takes the name of a table or type; that of `public` is left out. Raises `NotSql`."""
    if not words.sees_name():
        raise NotSql
    parts = [_part(words)]
    while words.take("."):
        parts.append(_part(words))
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] == DEFAULT_SCHEMA else parts)


def in_schema(schema: str, name: str) -> str:
    """Returns the name of a table that is moved to a schema."""
    bare = name.rpartition(".")[2]
    return bare if schema == DEFAULT_SCHEMA else f"{schema}.{bare}"


def relations(words: Words) -> tuple[str, ...]:
    """Takes names of tables, separated by commas, each with or without ONLY and `*`."""
    found = [_one(words)]
    while words.take(","):
        found.append(_one(words))
    return tuple(found)


def columns(words: Words) -> tuple[str, ...]:
    """Takes a list of columns in parentheses; expressions have no name."""
    parts = words.inside().parts() if words.sees("(") else ()
    named = ((part.name(), part) for part in parts if part.sees_name())
    return tuple(name for name, rest in named if not rest.sees("("))


def _one(words: Words) -> str:
    words.take("ONLY")
    name = relation(words)
    words.take("*")
    return name


def _part(words: Words) -> str:
    if not words.sees_name():
        raise NotSql
    words.skip()
    return words.before


def _word(token: Token) -> Word:
    return Word(_meant(token), token.start, token.end, token.kind)


def _meant(token: Token) -> str:
    """Returns a name or text without its quotes; an unquoted word in lower case."""
    text = token.text
    if token.kind == "word":
        return text.lower()
    if token.kind == "name":
        return text[text.index('"') + 1 :].removesuffix('"').replace('""', '"')
    if token.kind != "text":
        return text
    if text.startswith("$"):
        tag = text[: text.index("$", 1) + 1]
        return text[len(tag) :].removesuffix(tag)
    inside = text[text.index("'") + 1 :].removesuffix("'").replace("''", "'")
    return ESCAPED.sub(r"\1", inside) if text[0] in "eE" else inside
