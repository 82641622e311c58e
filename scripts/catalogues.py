"""Extracts the messages of the code. Used by `scripts/translate` and by the test of the catalogues."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "installer" / "locale"
KEYWORDS = {"_": None, "ngettext": (1, 2)}

Text = str | tuple[str, ...]


def messages_of_the_code() -> Iterator[tuple[str, Text]]:
    """Yields each message with its file; singular and plural as a pair."""
    for package in ("installer", "packager"):
        found = extract_from_dir(ROOT / package, method_map=[("**.py", "python")], keywords=KEYWORDS)
        for file, _line, message, _comments, _context in found:
            yield f"{package}/{file}", message


def forms(text: "Text | list[str]") -> tuple[str, ...]:
    """Returns the forms of a message: one, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)
