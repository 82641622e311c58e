"""Compares two CREATE TABLE statements part by part."""

import re
from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.bundle.sql.sql_patterns import NAMED
from installer.text import _

PARTS = (
    ("column", re.compile(rf"{NAMED} ")),
    ("index", re.compile(r"(PRIMARY) KEY ")),
    ("index", re.compile(rf"(?:[A-Z]+ )?KEY {NAMED} ")),
    ("foreign key", re.compile(rf"CONSTRAINT {NAMED} FOREIGN KEY ")),
    ("check", re.compile(rf"CONSTRAINT {NAMED} CHECK ")),
)
USUAL_COLLATION = re.compile(r" COLLATE([ =]utf8mb[34]_)(?:general|uca1400_ai)_ci\b")
Part = tuple[str, str]  # its kind and name; both empty for the options after the parentheses


def part_differences(table: str, there: str, meant: str) -> Iterator[str]:
    """Yields a line for each part that is in only one of the two statements, or differs."""
    ours, theirs, name = _parts(there), _parts(meant), shown(table)
    for part in dict.fromkeys((*theirs, *ours)):
        here, wanted = ours.get(part), theirs.get(part)
        if _alike(here, wanted):
            continue
        words = {"table": name, "part": _in_words(part)}
        if wanted is None:
            yield _("table `{table}`: {part} is in the database, but no migration creates it.", **words)
        elif here is None:
            yield _(
                "table `{table}`: {part} is created by the migrations, but is not in the database.", **words
            )
        else:
            yield _("table `{table}`: {part} is {here}; the migrations create {wanted}.", **words,
                    here=shown(here), wanted=shown(wanted))  # fmt: skip
    if _columns(ours) != _columns(theirs) and {*_columns(ours)} == {*_columns(theirs)}:
        yield _(
            "table `{table}`: the order of its columns differs from what the migrations create.", table=name
        )


def _alike(here: str | None, wanted: str | None) -> bool:
    """Returns whether two parts are equal, apart from the default collation, which MariaDB 11.5 changed.

    A script that names no collation got another one before 11.5 than it gets today.
    """
    return here == wanted or (
        here is not None
        and wanted is not None
        and USUAL_COLLATION.sub(r"\1", here) == USUAL_COLLATION.sub(r"\1", wanted)
    )


def _parts(statement: str) -> dict[Part, str]:
    parts: dict[Part, str] = {}
    rest: list[str] = []
    for line in statement.splitlines()[1:]:
        part, text = _part(line), line.strip().rstrip(",")
        if part and not rest:
            parts[part] = text
        else:
            rest.append(text)
    return {**parts, ("", ""): " ".join(rest).removeprefix(") ")}


def _part(line: str) -> Part | None:
    for kind, form in PARTS:
        if found := form.match(line.removeprefix("  ")):
            return kind, found[1].replace("``", "`")
    return None


def _columns(parts: dict[Part, str]) -> list[str]:
    return [name for kind, name in parts if kind == "column"]


def _in_words(part: Part) -> str:
    kind, name = part
    words = {
        "column": _("column `{name}`", name=shown(name)),
        "index": _("index `{name}`", name=shown(name)),
        "foreign key": _("foreign key `{name}`", name=shown(name)),
        "check": _("check `{name}`", name=shown(name)),
    }
    return words.get(kind, _("option list"))
