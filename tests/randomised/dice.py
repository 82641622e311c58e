"""Chance that can be repeated: what the generator of databases throws, and odd words for names and texts."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
ODD_NAMES = (
    "plain", "Upper", "select", "a b", "back`tick", "it's", 'say "x"', "한글", "semi;colon", "100%", "a\\b",
    "two\nlines", "#hash", "dash-dot.x", "ö_é", "-- no", "/* no */", "@at", "$1",
)  # fmt: skip
ODD_TEXTS = (
    "", " ", "plain", "it's", 'say "x"', "back\\slash", "\\", "한국어", "😀 four bytes", "a;b", ";;",
    "-- no\n", "/* no */", "line\nbreak", "crlf\r\n", "tab\t", "\x1a", "%s %d", "`", "NULL", "é", "   end ",
    "DELIMITER //", "\x7f", "\nCREATE TABLE `x` (", "\nUNLOCK TABLES;\n", "\nDELIMITER ;\n",
)  # fmt: skip


class Dice(Random):
    """The same seed throws the same numbers, on every machine."""

    def happens(self, chance: float) -> bool:
        """Yes in `chance` of all cases (0 to 1)."""
        return self.random() < chance

    def some(self, things: Sequence[T], most: int) -> list[T]:
        """Up to `most` different ones of `things`."""
        return self.sample(things, self.randint(0, min(most, len(things))))

    def name(self, stem: str) -> str:
        """A name that no other object has when `stem` is its own, often one that needs quoting."""
        return f"{self.choice(ODD_NAMES)} {stem}" if self.happens(0.6) else stem

    def text(self) -> str:
        """A short text, often one that breaks naive quoting."""
        return self.choice(ODD_TEXTS) + (self.choice(ODD_TEXTS) if self.happens(0.3) else "")

    def bytes(self) -> bytes:
        """Up to 12 bytes, among them NUL, quotes and backslash."""
        return bytes(self.choice(b"\0\x01'\"\\\n\r\x1a\x7f\x80\xff;ab") for _ in range(self.randint(0, 12)))


def literal(text: str) -> str:
    """The text as a literal of SQL, in a session where backslash is an escape."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''").replace("\x1a", "\\Z") + "'"


def hexadecimal(raw: bytes) -> str:
    """Bytes as a literal of SQL."""
    return f"X'{raw.hex()}'"
