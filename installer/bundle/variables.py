"""Finds the variables in texts of compose files, and replaces them by values, or by defaults alone.

Compose's grammar: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?words}`,
`${NAME?words}`, `${NAME:+other}`, `${NAME+other}`; defaults may nest; `$$` is a dollar sign.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPERATOR = re.compile(r":?[-?+]")


@dataclass(frozen=True)
class Variable:
    """A use of a variable. `default` is None without one; `required`: Compose fails without a value."""

    name: str
    default: str | None = None
    required: bool = False


class NoDefault(Exception):
    """A value depends on a variable that has no default."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NoValue(Exception):
    """A variable has no value and no default; `words` are the reason given after `?`."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(name)
        self.name = name
        self.words = words


def variables_in(text: str) -> tuple[Variable, ...]:
    """Returns every use of a variable in a value, in order, also inside defaults."""
    return tuple(_uses(text))


def each_once(uses: Iterable[Variable]) -> tuple[Variable, ...]:
    """Returns every variable once, by name: required if any use requires it, with the first default."""
    merged: dict[str, Variable] = {}
    for use in uses:
        known = merged.get(use.name, use)
        default = use.default if known.default is None else known.default
        merged[use.name] = Variable(use.name, default, known.required or use.required)
    return tuple(merged[name] for name in sorted(merged))


def by_defaults(text: str) -> str:
    """Returns the value with all variables unset. Raises `NoDefault` if a variable has no default."""
    words = []
    for part in _parts(text):
        words.append(part if isinstance(part, str) else _default(part))
    return "".join(words)


def by_defaults_if_any(text: str) -> str:
    """Returns the value with all variables unset, or as written if a variable has no default."""
    try:
        return by_defaults(text)
    except NoDefault:
        return text


def with_values(text: str, values: Mapping[str, str]) -> str:
    """Fills in `values` like Compose. Raises `NoValue` if Compose would fail or warn."""
    parts = _parts(text)
    return "".join(part if isinstance(part, str) else _value(part, values) for part in parts)


@dataclass(frozen=True)
class _Reference:
    name: str
    operator: str
    words: str


def _default(reference: _Reference) -> str:
    if reference.operator.endswith("-"):
        return by_defaults(reference.words)
    if reference.operator.endswith("+"):
        return ""
    raise NoDefault(reference.name)


def _value(reference: _Reference, values: Mapping[str, str]) -> str:
    value, operator = values.get(reference.name), reference.operator
    counts = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return with_values(reference.words, values) if counts else ""
    if counts and value is not None:
        return value
    if operator.endswith("-"):
        return with_values(reference.words, values)
    raise NoValue(reference.name, reference.words)


def _uses(text: str) -> Iterator[Variable]:
    for part in _parts(text):
        if isinstance(part, _Reference):
            default = part.words if part.operator.endswith("-") else None
            yield Variable(part.name, default, part.operator.endswith("?"))
            yield from _uses(part.words) if part.operator.endswith(("-", "+")) else ()


def _parts(text: str) -> Iterator[str | _Reference]:
    position = 0
    while position < len(text):
        dollar = text.find("$", position)
        if dollar < 0:
            yield text[position:]
            return
        yield text[position:dollar]
        part, position = _after_dollar(text, dollar)
        yield part


def _after_dollar(text: str, dollar: int) -> tuple[str | _Reference, int]:
    after = dollar + 1
    if text.startswith("$", after):
        return "$", after + 1
    if text.startswith("{", after):
        end = _closing_brace(text, after)
        return _braced(text[after + 1 : end], text[dollar : end + 1]), end + 1
    name = NAME.match(text, after)
    return (_Reference(name[0], "", ""), name.end()) if name else ("$", after)


def _closing_brace(text: str, opening: int) -> int:
    depth = 0
    for position in range(opening, len(text)):
        if text.startswith("${", position - 1) and text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if not depth:
                return position
    return len(text)


def _braced(inside: str, written: str) -> str | _Reference:
    """Returns the variable in the braces; returns `written` unchanged if it is invalid or not closed."""
    name = NAME.match(inside)
    operator = OPERATOR.match(inside, name.end()) if name else None
    if not name or not written.endswith("}") or (not operator and name.end() < len(inside)):
        return written
    return _Reference(name[0], operator[0] if operator else "", inside[operator.end() :] if operator else "")
