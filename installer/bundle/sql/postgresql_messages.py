"""Divides a PostgreSQL script into the messages that the server gets, as the Prisma of its project does.

A message is one transaction. Prisma up to 7.3 sends a script as one message; from 7.4 on, it sends each
statement alone if its parser understands all of them. A script is one message where the version is not known.
Source: prisma-engines, pull requests 5767 and 5799.
"""

from installer.bundle.manifest.versions import read_version
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import spans_of_statements, split_postgresql, tokens_of
from installer.bundle.sql.postgresql_transactions import must_be_split
from installer.bundle.sql.prisma_parser import is_parsed

FIRST_THAT_SPLITS = (7, 4)
HARMLESS = ("SET", "RESET", "SELECT", "SHOW", "BEGIN", "START", "COMMIT", "END")
BEGINS, ENDS = ("BEGIN", "START"), ("COMMIT", "END", "ROLLBACK", "ABORT")


def messages_of(migration: Migration) -> tuple[tuple[int, str], ...]:
    """Returns the messages of a migration's script, each with its place in the script."""
    script = migration.text
    if not is_in_parts(migration):
        return ((0, script),)
    return tuple((begin, script[begin:end]) for begin, end in spans_of_statements(script))


def is_in_parts(migration: Migration) -> bool:
    """Returns whether each statement is a message: as Prisma does, or because a server refuses the whole."""
    return must_be_split(migration.text) or (
        prisma_splits(migration.prisma) and is_split_by_newer(migration.text)
    )


def prisma_splits(version: str | None) -> bool:
    """Returns whether this version of Prisma sends the statements of a script alone; False if unknown."""
    number = read_version(version) if version else None
    return number is not None and number.numbers[:2] >= FIRST_THAT_SPLITS


def is_split_by_newer(script: str) -> bool:
    """Returns whether Prisma from 7.4 on splits the script."""
    return len(spans_of_statements(script)) > 1 and is_parsed(script)


def differs_between_versions(script: str) -> bool:
    """Returns whether a failure takes back the whole script up to Prisma 7.3, and not from 7.4 on.

    A script that changes something by one statement only, or between BEGIN and COMMIT, is the same for both.
    """
    return not must_be_split(script) and is_split_by_newer(script) and _changes_in_several(script)


def _changes_in_several(script: str) -> bool:
    """Returns whether more than one statement or block of a script commits a change if it is sent alone."""
    commits, is_open = 0, False
    for statement in split_postgresql(script):
        word = next(token.upper for token in tokens_of(statement.text))
        is_open = word in BEGINS or (is_open and word not in ENDS)
        commits += word in BEGINS or (not is_open and word not in HARMLESS)
    return commits > 1
