"""Follows the transactions of a script up to a failure: what is committed by then, what was undone."""

from dataclasses import dataclass, field

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_messages import is_in_parts
from installer.bundle.sql.postgresql_statements import split_postgresql, tokens_of

BEGINS, COMMITS, UNDOES = ("BEGIN", "START"), ("COMMIT", "END"), ("ROLLBACK", "ABORT")
READ = 5  # words: enough for ROLLBACK WORK TO SAVEPOINT name


@dataclass
class Fate:
    """Holds the numbers, from 1, of the statements that ran: those that are committed, and those undone."""

    committed: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)


def fate_of(migration: Migration, done: int) -> Fate:
    """Returns what became of the first `done` statements when the next one failed.

    Those that begin or end a transaction are not among them, those about savepoints are.
    """
    fate, is_open, alone = Fate(), False, is_in_parts(migration)
    texts = [statement.text for statement in split_postgresql(migration.text)[:done]]
    for number, text in enumerate(texts, 1):
        first, *rest = _words(text)
        if first in COMMITS:
            fate.committed += _kept(fate.undone, texts)
        if first in (*COMMITS, *UNDOES) and "TO" not in rest:
            fate.undone.clear()
            is_open = "CHAIN" in rest and "NO" not in rest
        elif first in BEGINS:
            is_open = True
        elif alone and not is_open:
            fate.committed.append(number)
        else:
            fate.undone.append(number)
    return fate


def ranges(numbers: list[int]) -> str:
    """Returns rising numbers for people: `1-3, 5`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)


def _kept(numbers: list[int], texts: list[str]) -> list[int]:
    """Returns the statements of a transaction that no ROLLBACK TO a savepoint undid."""
    kept: list[int] = []
    savepoints: dict[str, int] = {}
    for number in numbers:
        first, *rest = _words(texts[number - 1])
        if first == "SAVEPOINT":
            savepoints[rest[-1]] = len(kept)
        elif first in UNDOES:
            del kept[savepoints[rest[-1]] :]
        elif first != "RELEASE":
            kept.append(number)
    return kept


def _words(sql: str) -> list[str]:
    return [token.upper or token.text for token, _at in zip(tokens_of(sql), range(READ), strict=False)]
