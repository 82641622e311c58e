"""Compares two schemas by object, and tables by column, index and constraint.

Differences that no change caused are left out on purpose: the definer, the sql_mode and character set of the
definer's session, the time when an event began, the name of the schema itself.
"""

import re
from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.database.values.picture import Definitions, kind_in_words
from installer.mariadb.schema_diff.object_definitions import create_statement, without_history
from installer.mariadb.schema_diff.table_parts import part_differences
from installer.mariadb.server.queries import quoted
from installer.text import _

NAME = r"""(?:`(?:[^`]|``)*`|"(?:[^"]|"")*")"""  # double quotes where a routine was created with ANSI_QUOTES
DEFINER = re.compile(rf" DEFINER={NAME}(?:@{NAME})?")
WHEN_AN_EVENT_BEGAN = re.compile(r" (?:STARTS|AT) '[^']*'")
RUNS_ONCE = re.compile(r" ON SCHEDULE AT ")  # and is deleted afterwards


def differences(live: Definitions, made: Definitions, schemas: tuple[str, str]) -> Iterator[str]:
    """Yields a line for each object that the running schema has, lacks or defines differently.

    `schemas` are the names of both.
    """
    ours, theirs = without_history(live), without_history(made)
    for kind in dict.fromkeys((*ours, *theirs)):
        there = {name: _plain(text, kind, schemas) for name, text in ours.get(kind, {}).items()}
        meant = {name: _plain(text, kind, schemas) for name, text in theirs.get(kind, {}).items()}
        for name in sorted({*there, *meant}):
            yield from _of_object(kind, name, there.get(name), meant.get(name))


def _plain(definition: str, kind: str, schemas: tuple[str, str]) -> str:
    text = DEFINER.sub("", create_statement(definition))
    for schema in schemas:
        text = text.replace(f"{quoted(schema)}.", "")
    return text if kind != "event" or RUNS_ONCE.search(text) else WHEN_AN_EVENT_BEGAN.sub("", text)


def _of_object(kind: str, name: str, there: str | None, meant: str | None) -> Iterator[str]:
    what = {"kind": kind_in_words(kind), "name": shown(name)}
    if there == meant or (kind == "event" and _has_run(there, meant)):
        return
    if meant is None:
        yield _("{kind} `{name}` is in the database, but no migration creates it.", **what)
    elif there is None:
        yield _("{kind} `{name}` is created by the migrations, but is not in the database.", **what)
    elif kind == "table":
        yield from part_differences(name, there, meant)
    else:
        yield _("{kind} `{name}` differs from what the migrations create.", **what)


def _has_run(there: str | None, meant: str | None) -> bool:
    return bool(meant and RUNS_ONCE.search(meant)) and (there is None or bool(RUNS_ONCE.search(there)))
