"""Reads JSON documents strictly and collects all problems, each with its place, such as `images[2].id`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from installer.bundle.layout import shown
from installer.text import _

Part = TypeVar("Part")
Rule = Callable[[str], str | None]
"""Returns why a text is invalid, as the end of a sentence; None if it is valid."""


class NotJson(Exception):
    """The bytes are not a JSON object in UTF-8 with unique keys; the message says why."""


@dataclass
class Fields:
    """The members of one JSON object. Reading a missing or invalid member adds to `problems`.

    An invalid member reads as an empty value, so that reading continues and finds all problems.
    """

    members: Mapping[str, object]
    place: str
    problems: list[str]
    asked: set[str] = field(default_factory=set)

    def text(self, key: str, rule: Rule | None = None) -> str:
        """Reads a member that must be a printable string and follow `rule`."""
        value = self._member(key)
        return self._text(value, self._place(key), rule) if value is not _MISSING else ""

    def optional_text(self, key: str, rule: Rule | None = None) -> str | None:
        """Reads a member that must be null or a printable string that follows `rule`."""
        value = self._member(key)
        return None if value in (None, _MISSING) else self._text(value, self._place(key), rule)

    def has(self, key: str) -> bool:
        """Returns whether there is such a member, for one that may be missing."""
        return key in self.members

    def count(self, key: str) -> int:
        """Reads a member that must be an integer of at least 0."""
        value = self._member(key)
        if type(value) is int and value >= 0:
            return value
        return self._wrong(value, self._place(key), _("must be an integer of at least 0"), 0)

    def flag(self, key: str) -> bool:
        """Reads a member that must be true or false."""
        value = self._member(key)
        if isinstance(value, bool):
            return value
        return self._wrong(value, self._place(key), _("must be true or false"), False)

    def texts(self, key: str, rule: Rule | None = None) -> tuple[str, ...]:
        """Reads a member that must be a list of printable strings that follow `rule`."""
        return tuple(self._text(value, place, rule) for place, value in self._list(key))

    def part(self, key: str, read: Callable[["Fields"], Part]) -> Part:
        """Reads a member that must be an object, and converts it with `read`."""
        value = self._member(key)
        return self._part({} if value is _MISSING else value, self._place(key), read)

    def optional_part(self, key: str, read: Callable[["Fields"], Part]) -> Part | None:
        """Reads a member that must be null or an object, and converts the object with `read`."""
        value = self._member(key)
        return None if value in (None, _MISSING) else self._part(value, self._place(key), read)

    def parts(self, key: str, read: Callable[["Fields"], Part]) -> tuple[Part, ...]:
        """Reads a member that must be a list of objects, and converts each with `read`."""
        return tuple(self._part(value, place, read) for place, value in self._list(key))

    def refuse_unknown(self) -> None:
        """Adds a problem for each member that was not read."""
        for key in self.members.keys() - self.asked:
            self.problems.append(_("{place}: unknown key", place=self._place(key)))

    def _member(self, key: str) -> object:
        self.asked.add(key)
        if key not in self.members:
            self.problems.append(_("{place}: missing", place=self._place(key)))
        return self.members.get(key, _MISSING)

    def _place(self, key: str) -> str:
        return f"{self.place}.{shown(key)}" if self.place else shown(key)

    def _list(self, key: str) -> list[tuple[str, object]]:
        value, place = self._member(key), self._place(key)
        if not isinstance(value, list):
            value = self._wrong(value, place, _("must be a list"), [])
        return [(f"{place}[{index}]", item) for index, item in enumerate(value)]

    def _text(self, value: object, place: str, rule: Rule | None) -> str:
        if not isinstance(value, str):
            return self._wrong(value, place, _("must be a string"), "")
        if not value.isprintable():
            return self._wrong(value, place, _("contains unprintable characters"), "")
        problem = rule(value) if rule else None
        return value if problem is None else self._wrong(value, place, problem, "")

    def _part(self, value: object, place: str, read: Callable[["Fields"], Part]) -> Part:
        if not isinstance(value, dict):
            # Read without members, to have a value to continue with; only the cause is reported.
            self._wrong(value, place, _("must be an object"), None)
            return read(Fields({}, place, problems=[]))
        return read_object(value, place, self.problems, read)

    def _wrong(self, value: object, place: str, problem: str, instead: Part) -> Part:
        if value is not _MISSING:
            self.problems.append(
                _("{place}: {problem}: {value}", place=place, problem=problem, value=_shortened(value))
            )
        return instead


def read_object(
    members: Mapping[str, object], place: str, problems: list[str], read: Callable[[Fields], Part]
) -> Part:
    """Converts the members of one object with `read`; unknown members are problems."""
    fields = Fields(members, place, problems)
    part = read(fields)
    fields.refuse_unknown()
    return part


def json_object(raw: bytes) -> Mapping[str, object]:
    """Returns the JSON object in `raw`. Raises `NotJson` for anything else, also repeated keys and NaN."""
    try:
        document = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise NotJson(shown(str(problem))) from problem
    if not isinstance(document, dict):
        raise NotJson(_("it is not a JSON object"))
    return document


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _value in pairs]
        raise ValueError(_("the key {key} appears twice", key=next(k for k in keys if keys.count(k) > 1)))
    return members


def _no_constant(name: str) -> object:
    raise ValueError(_("{name} is not allowed in JSON", name=name))


def _shortened(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return shown(text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…")


_MISSING = object()
_LONGEST_VALUE = 80
