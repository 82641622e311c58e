"""What makes an object, as people read it: the CREATE statement without what surrounds it.

The complete texts are `read_definitions`; here only what a comparison between two moments shows.
"""

import re
from collections.abc import Mapping

from installer.database.values.history_row import TABLE as HISTORY
from installer.database.values.picture import Definitions

STATEMENT = re.compile(r"^(?:Create [A-Z][A-Za-z ]*|SQL Original Statement): ", re.MULTILINE)
AFTER_THE_STATEMENT = "\ncharacter_set_client: "
COLUMN = re.compile(r"^  `((?:[^`]|``)+)` ", re.MULTILINE)


def create_statement(definition: str) -> str:
    """The CREATE statement in a complete definition; all of it where there is none."""
    begin = STATEMENT.search(definition)
    if not begin:
        return definition
    statement = definition[begin.end() :]
    end = statement.rfind(AFTER_THE_STATEMENT)
    return statement[:end] if end >= 0 else statement


def without_history(definitions: Definitions) -> dict[str, Mapping[str, str]]:
    """All objects but the table that the migrations are recorded in."""
    return {
        kind: {name: text for name, text in texts.items() if (kind, name) != ("table", HISTORY)}
        for kind, texts in definitions.items()
    }


def columns_in(definitions: Definitions) -> frozenset[tuple[str, str]]:
    """Every table with each of its columns."""
    return frozenset(
        (table, column.replace("``", "`"))
        for table, text in definitions.get("table", {}).items()
        for column in COLUMN.findall(create_statement(text))
    )
