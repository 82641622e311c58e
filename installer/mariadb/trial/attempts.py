"""Rewrites a statement with each algorithm and lock it may use, for the server to accept or refuse.

Source: the grammar of MariaDB's ALTER TABLE and CREATE INDEX. Pure; nothing is executed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import get_args

from installer.bundle.sql.statement_words import Word, begins_with, words_of
from installer.database.values.rehearsal_result import Algorithm, Lock

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
LOCKS: tuple[Lock, ...] = get_args(Lock)
INDEX_WORK = (
    ("CREATE", "INDEX|UNIQUE|FULLTEXT|SPATIAL"),
    ("CREATE", "OR", "REPLACE", "INDEX|UNIQUE|FULLTEXT|SPATIAL"),
)
PARTITIONING = {"PARTITION", "PARTITIONS", "PARTITIONING", "SUBPARTITION"}
BEFORE_THE_TABLE = ("ALTER", "ONLINE", "IGNORE", "TABLE", "IF", "EXISTS")
Change = tuple[int, int, str]  # start, end, and the replacement


@dataclass(frozen=True)
class Cost:
    """Describes the algorithm and lock with which the server runs a statement."""

    algorithm: Algorithm
    lock: Lock


def attempts(sql: str, *, instant_names_lock: bool = True) -> Iterator[tuple[Cost, str]]:
    """Yields each way from the best to the worst, with its statement; none for other statements.

    The statement's own clauses stay valid: a better ALGORITHM than its own is tried, but no other LOCK. MySQL
    accepts no LOCK together with INSTANT, which locks nothing there.
    """
    sql = _as_alter(sql)
    algorithm, lock = _value(sql, "ALGORITHM", ALGORITHMS), _value(sql, "LOCK", LOCKS)
    place = _place(sql)
    if place is None:
        return
    for one, other in product(_algorithms(algorithm), _locks(lock)):
        names_lock = lock is None and (instant_names_lock or one != "INSTANT")
        added = [f"ALGORITHM={one}"] * (algorithm is None) + [f"LOCK={other}"] * names_lock
        changes = [(word.start, word.end, new) for word, new in ((algorithm, one), (lock, other)) if word]
        yield Cost(one, other), _written(sql, [*changes, *place.adding(added)])


def _as_alter(sql: str) -> str:
    """Returns DROP INDEX, which has no clauses, as the equivalent ALTER TABLE."""
    words = words_of(sql)
    on = next((at for at, word in enumerate(words) if word.upper == "ON"), 0)
    if not begins_with(sql, "DROP", "INDEX") or not 0 < on < len(words) - 1:
        return sql
    index, table = sql[words[1].start : words[on].start], sql[words[on].end : words[on + 1].end]
    return f"ALTER TABLE{table} DROP {index}"


@dataclass(frozen=True)
class _Place:
    """Describes where the clauses go: after `at`, separated by `between` and followed by `after`."""

    at: int
    between: str
    after: str

    def adding(self, clauses: list[str]) -> list[Change]:
        return [(self.at, self.at, f" {self.between.join(clauses)}{self.after}")] if clauses else []


def _place(sql: str) -> _Place | None:
    """Returns the place for clauses; None also for partitioning, where the server ignores them."""
    words = words_of(sql)
    if begins_with(sql, "ALTER", "TABLE|ONLINE|IGNORE"):
        return None if {word.upper for word in words} & PARTITIONING else _after_the_table(words)
    if any(begins_with(sql, *first) for first in INDEX_WORK):
        return _Place(words[-1].end, " ", "")
    return None


def _after_the_table(words: tuple[Word, ...]) -> _Place | None:
    at = next((at for at, word in enumerate(words) if word.upper not in BEFORE_THE_TABLE), len(words))
    rest = words[at + 1 :]
    skipped = {"WAIT": 2, "NOWAIT": 1}.get(rest[0].upper if rest else "", 0)
    return _Place(words[at + skipped].end, ", ", ",") if len(rest) > skipped else None


def _value(sql: str, option: str, values: tuple[str, ...]) -> Word | None:
    """Returns the value that the statement gives this option, if any."""
    words = [word for word in words_of(sql) if word.upper != "="]
    for word, following in pairwise(words):
        if word.upper == option and following.upper in (*values, "DEFAULT"):
            return following
    return None


def _algorithms(demanded: Word | None) -> tuple[Algorithm, ...]:
    if demanded is None or demanded.upper == "DEFAULT":
        return ALGORITHMS
    worst = [str(algorithm) for algorithm in ALGORITHMS].index(demanded.upper)
    return ALGORITHMS[worst:] if demanded.upper == "COPY" else ALGORITHMS[: worst + 1]


def _locks(demanded: Word | None) -> tuple[Lock, ...]:
    return tuple(lock for lock in LOCKS if demanded is None or demanded.upper in (lock, "DEFAULT"))


def _written(sql: str, changes: list[Change]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        sql = sql[:start] + new + sql[end:]
    return sql
