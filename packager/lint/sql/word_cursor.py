"""Provides a cursor over the words of a statement."""

from collections.abc import Iterator

from installer.bundle.sql.statement_words import Word
from packager.lint.sql.tokens import NotSql, words_of


class Words:
    """The words of a statement from a position on; taking words moves the position."""

    def __init__(self, text: str, words: tuple[Word, ...]) -> None:
        self._text, self._words = text, words
        self._at = 0

    @classmethod
    def of(cls, text: str) -> "Words":
        """Splits a statement. Raises `NotSql`."""
        return cls(text, words_of(text))

    @property
    def rest(self) -> str:
        """Returns the remaining text."""
        left = self._words[self._at :]
        return self._text[left[0].start : left[-1].end] if left else ""

    @property
    def before(self) -> str:
        """Returns the last word taken, '' at the start."""
        return self._words[self._at - 1].text if self._at else ""

    def sees(self, *words: str) -> bool:
        """Returns whether these words come next, each in one of its `|` alternatives; never quoted ones."""
        return all(self._is(self._at + offset, word) for offset, word in enumerate(words))

    def sees_name(self) -> bool:
        """Returns whether a name comes next."""
        return self._at < len(self._words) and self._words[self._at].kind != "sign"

    def take(self, *words: str) -> bool:
        """Skips these words if they come next; returns whether they did."""
        found = self.sees(*words)
        self._at += len(words) if found else 0
        return found

    def skip(self) -> None:
        """Skips one word of any kind."""
        self._at += 1

    def name(self) -> str:
        """Takes a name, without its database. Raises `NotSql` if no name comes next."""
        name = self._one()
        while self.take("."):
            name = self._one()
        return name

    def names(self) -> tuple[str, ...]:
        """Takes names separated by commas."""
        found = [self.name()]
        while self.take(","):
            found.append(self.name())
        return tuple(found)

    def inside(self) -> "Words":
        """Takes a group in parentheses; returns the words in it."""
        begin, depth = self._at + 1, 0
        while self._at < len(self._words):
            depth += self._depth(self._at)
            self._at += 1
            if not depth:
                break
        return Words(self._text, self._words[begin : self._at - 1])

    def parts(self) -> "Iterator[Words]":
        """Yields the remaining words, split at commas outside of parentheses and brackets."""
        begin, depth = self._at, 0
        for at in range(self._at, len(self._words)):
            depth += self._depth(at)
            if not depth and self._is(at, ","):
                yield Words(self._text, self._words[begin:at])
                begin = at + 1
        if begin < len(self._words):
            yield Words(self._text, self._words[begin:])
        self._at = len(self._words)

    def cut(self, ends: str) -> tuple["Words", "Words"]:
        """Splits the remaining words before the first of these words outside of parentheses."""
        at = self._first(ends)
        return Words(self._text, self._words[self._at : at]), Words(self._text, self._words[at:])

    def take_until(self, ends: str) -> "Words":
        """Takes the words before the first of these words outside of parentheses."""
        taken, _behind = self.cut(ends)
        self._at = self._first(ends)
        return taken

    def _first(self, ends: str) -> int:
        depth = 0
        for at in range(self._at, len(self._words)):
            depth += self._depth(at)
            if not depth and self._is(at, ends):
                return at
        return len(self._words)

    def _one(self) -> str:
        if not self.sees_name():
            raise NotSql
        self._at += 1
        return self._words[self._at - 1].text

    def _is(self, at: int, word: str) -> bool:
        return at < len(self._words) and self._words[at].upper in word.split("|")

    def _depth(self, at: int) -> int:
        return self._is(at, "(|[") - self._is(at, ")|]")
