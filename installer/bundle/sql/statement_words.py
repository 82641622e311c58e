"""Splits an SQL statement into words: how it begins, what it names, and whether it is certainly only one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from installer.bundle.sql.sql_patterns import COMMENT, NAME, TEXT

WORD = re.compile(
    rf"""(?P<blank>\s+|{COMMENT})
      | (?P<text>{TEXT})
      | (?P<name>{NAME})
      | (?P<word>[0-9A-Za-z_$\u0080-\U0010ffff]+)
      | (?P<sign>@@|:=|->>?|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Word:
    """A word, a name or text without its quotes, or a sign; `start` and `end` as in a slice."""

    text: str
    start: int
    end: int
    kind: str

    @property
    def upper(self) -> str:
        """Returns the word or sign in upper case; empty if it is quoted."""
        return "" if self.is_quoted else self.text.upper()

    @property
    def name(self) -> str:
        """Returns the word if it may be a name, quoted or not; empty for a string or sign."""
        return self.text if self.kind in ("word", "name") else ""

    @property
    def is_quoted(self) -> bool:
        """Returns whether it is a name or string in quotes."""
        return self.kind in ("text", "name")


@lru_cache(maxsize=64)
def words_of(sql: str) -> tuple[Word, ...]:
    """Returns the words and signs of a statement without blanks and comments, with those in `/*! … */`."""
    return tuple(_words(sql))


def names_in(sql: str) -> frozenset[str]:
    """Returns all words that may be names, quoted or not, in lower case."""
    return frozenset(word.name.lower() for word in words_of(sql) if word.name)


def begins_with(sql: str, *words: str) -> bool:
    """Returns whether the statement begins with these words, each a choice of alternatives split by `|`."""
    first = [word.upper for word in islice(_words(sql), len(words))]
    return len(first) == len(words) and all(
        seen in offered.split("|") for seen, offered in zip(first, words, strict=True)
    )


def reaches_into(sql: str, schemas: Iterable[str]) -> bool:
    """Returns whether the statement may name an object of one of these schemas as `schema.object`."""
    lowered, words = {schema.lower() for schema in schemas}, words_of(sql)
    return any(dot.upper == "." and word.text.lower() in lowered for word, dot in pairwise(words))


def is_surely_one(sql: str) -> bool:
    """Returns whether every server reads this as one statement, with any sql_mode.

    The end of a quoted text depends on the sql_mode only if there is a backslash.
    """
    is_clear = "\\" not in sql
    return not any(";" in word.text and not (is_clear and word.is_quoted) for word in words_of(sql))


def renamed_columns(sql: str) -> dict[str, str]:
    """Returns new and old name of each column in `CHANGE old new` and `RENAME COLUMN old TO new`."""
    words = [word for word in words_of(sql) if word.upper not in ("COLUMN", "IF", "EXISTS", "TO")]
    return {
        words[at + 2].name: words[at + 1].name
        for at in range(len(words) - 2)
        if words[at].upper in ("CHANGE", "RENAME")
        and words[at + 1].upper not in ("INDEX", "KEY")
        and words[at + 1].name
        and words[at + 2].name
    }


def _words(sql: str) -> Iterator[Word]:
    return (_word(match) for match in WORD.finditer(sql) if match.lastgroup != "blank")


def _word(match: "re.Match[str]") -> Word:
    text, kind = match[0], match.lastgroup or ""
    if kind in ("text", "name"):
        text = text[1:-1].replace(text[0] * 2, text[0])
    return Word(text, *match.span(), kind)
