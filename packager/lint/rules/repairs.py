"""Finds values that a script changes itself before it narrows their column, so that every row fits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.lint.history.changes import Change, ChangeRows, IgnoreErrors
from packager.lint.sql.blanked import LITERAL

OF_TABLE = r"(?:[\w$`]+\.)?"
NAME = rf"{OF_TABLE}`?(?P<name>[\w$]+)`?"
BEGINS = {  # one table only: a join skips rows without a match
    "UPDATE": re.compile(r"(?:(?:AS\s+)?`?[\w$]+`?\s+)?SET\b", re.IGNORECASE),
    "DELETE": re.compile(r"WHERE\b", re.IGNORECASE),
}
WHERE = re.compile(r"\bWHERE\b", re.IGNORECASE)
IS_NULL = re.compile(rf"\bWHERE\s+\(?\s*{NAME}\s+IS\s+NULL\s*\)?\s*$", re.IGNORECASE)
EQUALS = re.compile(
    rf"\bWHERE\s+\(?\s*{NAME}\s*(?:=\s*(?P<one>'(?:[^'\\]|'')*')|IN\s*\((?P<many>[^()]*)\))\s*\)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Repair:
    """Rows of `table` whose `column` is in `values` are changed or deleted; no values mean NULL."""

    table: str
    column: str
    values: tuple[str, ...]
    line: int
    words: str


class Repairs:
    """The repairs of a script so far; later rows invalidate them."""

    def __init__(self) -> None:
        self.known: tuple[Repair, ...] = ()

    def see(self, line: int, changes: tuple[Change, ...]) -> None:
        """Records the next statement."""
        ignores = any(isinstance(change, IgnoreErrors) for change in changes)
        for change in changes:
            if isinstance(change, ChangeRows):
                found = None if ignores else repair_of(change, line)
                self.known = tuple(one for one in self.known if not _undoes(change, one))
                self.known += (found,) if found else ()


def _undoes(change: ChangeRows, repair: Repair) -> bool:
    if change.table not in ("", repair.table) or change.kind == "deletes":
        return False
    return change.kind == "inserts" or not change.condition or repair.column in change.condition.lower()


def repair_of(change: ChangeRows, line: int) -> Repair | None:
    """Returns what an UPDATE or DELETE of one table repairs, if its only WHERE has no other condition."""
    verb = {"updates": "UPDATE", "deletes": "DELETE"}.get(change.kind)
    null, equals = IS_NULL.search(change.condition), EQUALS.search(change.condition)
    found = null or equals
    if verb is None or found is None or not BEGINS[verb].match(change.condition):
        return None
    if len(WHERE.findall(change.condition)) != 1:
        return None
    values = () if null else tuple(_texts(equals["one"] or equals["many"])) if equals else ()
    if verb == "UPDATE" and not _sets_another(change.condition, found["name"], values):
        return None
    return Repair(change.table, found["name"].lower(), values, line, verb)


def _texts(written: str) -> Iterator[str]:
    return (found[1].replace("''", "'") for found in LITERAL.finditer(written))


def _sets_another(condition: str, column: str, values: tuple[str, ...]) -> bool:
    """Returns whether the column certainly gets another value: a literal not among the old values."""
    name = re.escape(column)
    literal = r"'(?:[^'\\]|'')*'|[-\d.]+|NOW\(\d*\)|CURRENT_TIMESTAMP(?:\(\d*\))?|UUID\(\)"
    to = re.search(
        rf"(?:\bSET\b|,)\s*{OF_TABLE}`?{name}`?\s*=\s*({literal})\s*(?:,|\bWHERE\b)", condition, re.I | re.S
    )
    return to is not None and to[1].strip("'").replace("''", "'") not in values
