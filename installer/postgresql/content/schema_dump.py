"""Cuts a dump without rows into its objects, so that two databases are compared object by object.

Which properties an object has, and how they are written, only pg_dump knows for every version.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from installer.database.values.picture import Definitions

SIGN = "--"  # the line before and after each header
HEADER = re.compile(r"-- Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: (.*)")
PLACE = re.compile(r"(SET default_(?:tablespace|table_access_method)) = (.*);")
LAST = "-- PostgreSQL database dump complete"
USUAL_PLACES = ("''", "heap")
PLACED = ("TABLE", "INDEX", "CONSTRAINT", "MATERIALIZED VIEW")
NO_SCHEMA = "-"


@dataclass(frozen=True)
class Entry:
    """Holds the lines of one object of a dump, from its header on."""

    header: re.Match[str]
    lines: Sequence[str]

    def name(self, schema: str) -> str:
        """Returns its name, with its schema before it unless that is `schema`."""
        name, own_schema = self.header[1], self.header[3]
        return name if own_schema in (NO_SCHEMA, schema) else f"{own_schema}.{name}"

    def text(self, places: dict[str, str]) -> str:
        """Returns owner and statements; says where it lies, if that is not the usual place.

        `places` are the settings so far. What the dump sets behind this object is for the next one.
        """
        unusual = [f"{name} = {value};" for name, value in places.items() if value not in USUAL_PLACES]
        own = list(self.lines)
        while own and (not own[-1].strip() or (setting := PLACE.fullmatch(own[-1]))):
            if own.pop().strip() and setting:
                places[setting[1]] = setting[2]
        above = unusual if self.header[2] in PLACED else []
        return "\n".join((f"-- Owner: {self.header[4]}", *above, *own))


def read_schema_dump(dump: str, schema: str) -> Definitions:
    """Returns the statements of each object by its kind, such as `table`, and its name.

    Names have their schema before them, except those in `schema`. Statements of objects that pg_dump writes
    under one name follow each other.
    """
    found: dict[str, dict[str, str]] = {}
    places: dict[str, str] = {}
    for entry in _entries(dump.split("\n")):
        name, texts = entry.name(schema), found.setdefault(entry.header[2].lower(), {})
        texts[name] = "\n\n".join(filter(None, (texts.get(name), entry.text(places))))
    return found


def _entries(lines: Sequence[str]) -> Iterator[Entry]:
    """Yields the objects; the lines before the first and behind the last one are about the session."""
    headers = [(number, found) for number, line in enumerate(lines) if (found := HEADER.fullmatch(line))]
    ends = [number - 1 for number, _header in headers[1:]] + [_end(lines)]
    for (number, header), end in zip(headers, ends, strict=False):
        begin = number + 1 + (lines[number + 1 : number + 2] == [SIGN])
        while begin < end and not lines[begin]:
            begin += 1
        yield Entry(header, lines[begin:end])


def _end(lines: Sequence[str]) -> int:
    """Returns the number of the line with which the closing words of pg_dump begin."""
    last = max((number for number, line in enumerate(lines) if line == LAST), default=len(lines) + 1)
    return last - 1
