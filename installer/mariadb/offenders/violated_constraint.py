"""Finds the violated constraint by its name in the server's message, for statements that cannot be tried.

Source: MariaDB's messages for 1062, 1451, 1452 and 4025, the same in every language of the server.
"""

import re
from typing import TYPE_CHECKING

from installer.bundle.sql.sql_patterns import NAMED
from installer.mariadb.server.queries import rows_of
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

KEY = re.compile(r"'([^']*)'$")
REFERENCE = re.compile(
    rf"\({NAMED}\.{NAMED}, CONSTRAINT {NAMED} FOREIGN KEY \((.+?)\) REFERENCES {NAMED} \((.+?)\)"
)
CHECK = re.compile(rf"{NAMED} .*{NAMED}\.{NAMED}")
UNIQUE, PARENT_ROW, CHILD_ROW, BROKEN_CHECK = 1062, 1451, 1452, 4025
COLUMNS_OF_KEY = """SELECT table_name,
    GROUP_CONCAT(CONCAT('`', column_name, '`') ORDER BY seq_in_index SEPARATOR ', ')
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = %s AND non_unique = 0
    GROUP BY table_name"""
KEYS = """SELECT constraint_name, table_name, referenced_table_name
    FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()
    ORDER BY table_name, constraint_name"""
CLAUSE = """SELECT check_clause FROM information_schema.check_constraints
    WHERE constraint_schema = DATABASE() AND table_name = %s AND constraint_name = %s"""


def broken_constraint(connection: "Server", code: int, error: str) -> tuple[str, ...]:
    """Returns a sentence with the constraint and its columns; none where the server's message names none."""
    if code == UNIQUE and (named := KEY.search(error)):
        return _unique(connection, named[1])
    if code in (PARENT_ROW, CHILD_ROW) and (named := REFERENCE.search(error)):
        return (
            _(
                "Foreign key `{name}`: {columns} of `{table}` must be in {others} of `{parent}`.",
                name=named[3], table=named[2], columns=named[4], parent=named[5], others=named[6],
            ),
        )  # fmt: skip
    if code == BROKEN_CHECK and (named := CHECK.search(error)):
        return _check(connection, named[1].split(".")[-1], named[3])
    return ()


def keys_into(connection: "Server", names: frozenset[str]) -> tuple[str, ...]:
    """Returns a sentence for each foreign key from another table to one of `names` (lower case)."""
    found = rows_of(connection, KEYS)
    return tuple(
        _("Foreign key `{name}` of `{table}` refers to `{parent}`.", name=name, table=table, parent=parent)
        for name, table, parent in found
        if parent.lower() in names and table.lower() not in names
    )


def _unique(connection: "Server", name: str) -> tuple[str, ...]:
    """Returns a sentence for the unique index; none if several tables have an index with this name."""
    found = rows_of(connection, COLUMNS_OF_KEY, (name,))
    if len(found) != 1:
        return ()
    [(table, columns)] = found
    return (_("Unique index `{name}`: {columns} of `{table}`.", name=name, columns=columns, table=table),)


def _check(connection: "Server", name: str, table: str) -> tuple[str, ...]:
    found = rows_of(connection, CLAUSE, (table, name))
    return tuple(
        _("CHECK `{name}` of `{table}`: {clause}", name=name, table=table, clause=clause)
        for (clause,) in found
    )
