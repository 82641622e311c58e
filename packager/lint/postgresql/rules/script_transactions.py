"""Checks where the transactions of a script begin and end.

Airlock sends a script as the project's Prisma does: up to 7.3 as one message, which is one transaction, from
7.4 on each statement alone; each alone, too, if one of them runs only outside of a transaction.
"""

from collections.abc import Iterator, Sequence

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_messages import is_in_parts
from installer.bundle.sql.postgresql_statements import tokens_of
from installer.bundle.sql.postgresql_transactions import runs_only_alone
from installer.bundle.sql.statements import Statement
from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import Change
from packager.lint.postgresql.postgresql_changes import (
    BuildIndex,
    ClientCommand,
    CopyFromClient,
    CreateExtension,
    SetForTransaction,
    Transaction,
)

Read = tuple[Statement, tuple[Change, ...]]
BORDERS = {"COMMIT", "ROLLBACK"}
MOST_WORDS = 40  # of a statement, up to CONCURRENTLY
MOST_NAMED = 4  # CREATE UNIQUE INDEX CONCURRENTLY
TWO_WORDS = ("ALTER", "CREATE", "DROP", "DISCARD", "REINDEX")


def of_transactions(read: Sequence[Read]) -> Iterator[tuple[int, Finding]]:
    """Yields what depends on the transactions of a script, with the number of its statement, from 0."""
    opened: int | None = None
    for at, (statement, changes) in enumerate(read):
        for finding in _of_statement(statement, changes, len(read), is_open=opened is not None):
            yield at, finding
        for change in changes:
            word = change.word if isinstance(change, Transaction) else ""
            if word == "BEGIN":
                opened = at
            elif word in BORDERS:
                opened = None
                yield from _ended(word, at, len(read))
    if opened is not None:
        yield opened, Finding("PG105")


def ends_of_transactions(migration: Migration, read: Sequence[Read]) -> frozenset[int]:
    """Returns the numbers of the statements that end a transaction, as Airlock sends the script."""
    is_split, is_open, ends = is_in_parts(migration), False, set()
    for at, (_statement, changes) in enumerate(read):
        words = [change.word for change in changes if isinstance(change, Transaction)]
        is_open = "BEGIN" in words or (is_open and not BORDERS & {*words})
        if BORDERS & {*words} or (is_split and not is_open):
            ends.add(at)
    return frozenset(ends)


def _ended(word: str, at: int, count: int) -> Iterator[tuple[int, Finding]]:
    if word == "ROLLBACK":
        yield at, Finding("PG106")
    elif at + 1 < count:
        yield at, Finding("PG104", now=word)


def _of_statement(
    statement: Statement, changes: tuple[Change, ...], count: int, *, is_open: bool
) -> Iterator[Finding]:
    if runs_only_alone(statement.text):
        named = _named(statement.text)
        if is_open:
            yield Finding("PG102", now=named)
        elif count > 1:
            yield Finding("PG101", now=named)
    for change in changes:
        match change:
            case BuildIndex(is_concurrent=True, table=table):
                yield Finding("PG103", table, now=_named(statement.text))
            case SetForTransaction() if not is_open:
                yield Finding("PG107", now="SET LOCAL")
            case Transaction(word="LOCK") if not is_open:
                yield Finding("PG107", now="LOCK")
            case Transaction(word="SAVEPOINT") if not is_open:
                yield Finding("PG117", now=_named(statement.text))
            case ClientCommand(words=words):
                yield Finding("PG110", now=words)
            case CopyFromClient(table=table):
                yield Finding("PG111", table)
            case CreateExtension(name=name):
                yield Finding("PG114", now=name)


def _named(sql: str) -> str:
    """Returns the words that name a statement: `CREATE INDEX CONCURRENTLY`, `VACUUM`, `ALTER SYSTEM`."""
    first = [token.upper for token, _at in zip(tokens_of(sql), range(MOST_WORDS), strict=False)]
    if "CONCURRENTLY" in first:
        first = [word for word in first[: first.index("CONCURRENTLY") + 1] if word.isalpha()]
        return " ".join(first[:2] + first[-1:] if len(first) > MOST_NAMED else first)
    return " ".join(first[: 2 if first[0] in TWO_WORDS else 1])
