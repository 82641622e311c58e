"""Extracts the CREATE statement from an object's definition, without its context.

`read_definitions` gives the complete texts; this is for comparisons between two moments.
"""

import re
from collections.abc import Mapping

from installer.bundle.sql.sql_patterns import NAMED
from installer.database.values.history_row import TABLE as HISTORY
from installer.database.values.picture import Definitions

STATEMENT = re.compile(r"^(?:Create [A-Z][A-Za-z ]*|SQL Original Statement): ", re.MULTILINE)
AFTER_THE_STATEMENT = "\ncharacter_set_client: "
COLUMN = re.compile(rf"^  {NAMED} ", re.MULTILINE)


def create_statement(definition: str) -> str:
    """Returns the CREATE statement in a complete definition; all of it where there is none."""
    begin = STATEMENT.search(definition)
    if not begin:
        return definition
    statement = definition[begin.end() :]
    end = statement.rfind(AFTER_THE_STATEMENT)
    return statement[:end] if end >= 0 else statement


def without_history(definitions: Definitions) -> dict[str, Mapping[str, str]]:
    """Returns all objects without the table that records the migrations."""
    return {
        kind: {name: text for name, text in texts.items() if (kind, name) != ("table", HISTORY)}
        for kind, texts in definitions.items()
    }


def columns_in(definitions: Definitions) -> frozenset[tuple[str, str]]:
    """Returns every table with each of its columns."""
    return frozenset(
        (table, column.replace("``", "`"))
        for table, text in definitions.get("table", {}).items()
        for column in COLUMN.findall(create_statement(text))
    )
