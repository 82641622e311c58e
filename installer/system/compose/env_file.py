"""Parses `.env` files like Compose: names, quotes, escapes, comments, and any bytes.

Compose does not require an encoding: each byte that is not UTF-8 reaches containers as U+FFFD.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from installer.bundle.variables import NoValue, variables_in, with_values

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BLANKS = "\t\v\f\r \x85\xa0"
STATEMENT = re.compile(
    rf"(?:export[{BLANKS}]+)?(?P<name>[\w.\-\[\]]+)[{BLANKS}]*(?:(?P<sign>[=:])|(?=\n)|\Z)[{BLANKS}]*"
)
QUOTED = {
    '"': re.compile(r'"(?P<inside>(?:\\.|[^"\\])*)"', re.DOTALL),
    "'": re.compile(r"'(?P<inside>(?:\\.|[^'\\])*)'", re.DOTALL),
}
ESCAPE = re.compile(r'\\(?P<letter>[abcfnrtv$"\\]|0[0-7]{1,3})')
LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$"}


@dataclass(frozen=True)
class Setting:
    """A statement. `value` is the text without quotes and escapes; None if there is only a name.

    Variables in it are replaced unless the value `is_literal`. `line` counts from 1.
    """

    name: str
    value: str | None
    line: int
    is_literal: bool


def parse_settings(raw: bytes) -> tuple[Setting, ...]:
    """Returns all statements up to the first that Compose rejects; Compose itself reports that one."""
    return tuple(_settings(_text(raw)))


def values_of(settings: tuple[Setting, ...], shell: Mapping[str, str]) -> dict[str, str]:
    """Returns the values that Compose uses: variables refer to earlier settings, else to the shell."""
    decided = {setting.name for setting in settings}
    around = {name: value for name, value in shell.items() if name not in decided}
    values: dict[str, str] = {}
    for setting in settings:
        if setting.value is not None:
            values[setting.name] = _expanded(setting, {**around, **values})
        elif setting.name in shell:
            values[setting.name] = shell[setting.name]
    return values


def unset_references(
    settings: tuple[Setting, ...], shell: Mapping[str, str]
) -> Iterator[tuple[Setting, str]]:
    """Yields each setting that uses an unset variable, which Compose treats as empty, and its name."""
    decided = {setting.name for setting in settings}
    known = {name for name in shell if name not in decided}
    for setting in settings:
        if setting.value is not None and not setting.is_literal:
            for use in variables_in(setting.value):
                if use.name not in known and use.default is None:
                    yield setting, use.name
        known.add(setting.name)


def _text(raw: bytes) -> str:
    text = raw.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


def _settings(text: str) -> Iterator[Setting]:
    position = _next_statement(text, 0)
    while position < len(text):
        found = STATEMENT.match(text, position)
        if found is None:
            return
        if found["sign"] is None:
            value, is_literal, end = None, True, found.end()
        else:
            quoted = _quoted(text, found.end())
            if quoted is None:
                return
            value, is_literal, end = quoted
        yield Setting(found["name"], value, text.count("\n", 0, position) + 1, is_literal)
        position = _next_statement(text, end)


def _next_statement(text: str, position: int) -> int:
    """Returns the position after blanks, empty lines and comment lines."""
    found = re.compile(rf"(?:[{BLANKS}\n]|#[^\n]*)*").match(text, position)
    assert found is not None
    return found.end()


def _quoted(text: str, start: int) -> tuple[str, bool, int] | None:
    """Returns the value at `start`, whether it is literal, and its end; None if it does not end."""
    quote = text[start : start + 1]
    if quote not in QUOTED:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        return text[start:end].partition(" #")[0].rstrip(), False, end
    found = QUOTED[quote].match(text, start)
    if found is None:
        return None
    inside = found["inside"].replace(f"\\{quote}", quote)
    return (ESCAPE.sub(_escaped, inside), False, found.end()) if quote == '"' else (inside, True, found.end())


def _escaped(found: "re.Match[str]") -> str:
    letter = found["letter"]
    if letter.startswith("0"):
        return chr(int(letter, 8) & 0xFF)
    return LETTERS.get(letter, letter if letter in '"\\' else found[0])


def _expanded(setting: Setting, values: Mapping[str, str]) -> str:
    """Returns the value with unset variables as empty; Compose itself rejects a required one."""
    if setting.is_literal or setting.value is None:
        return setting.value or ""
    given = dict(values)
    while True:
        try:
            return with_values(setting.value, given)
        except NoValue as missing:
            if missing.name in given:
                return ""
            given[missing.name] = ""
