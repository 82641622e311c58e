"""Asks a session which tables it has locked, and knows what each lock means for other sessions.

Source: table 13.2 of PostgreSQL's manual, "Conflicting Lock Modes".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.database.values.rehearsal_result import Blocked
from installer.postgresql.server.queries import literal, rows_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

FIRST_OWN_NUMBER = 16384  # of objects that initdb did not create
# From the weakest to the strongest; reading and changing rows waits only for changes of the same rows.
MODES: Mapping[str, Blocked | None] = {
    "AccessShareLock": None,
    "RowShareLock": None,
    "RowExclusiveLock": None,
    "ShareUpdateExclusiveLock": "nobody",
    "ShareLock": "writes",
    "ShareRowExclusiveLock": "writes",
    "ExclusiveLock": "writes",
    "AccessExclusiveLock": "everybody",
}
STRENGTH = {mode: at for at, mode in enumerate(MODES)}
FILES = f"""SELECT oid::int8, relfilenode::int8 FROM pg_class WHERE relkind IN ('r', 'm', 'p', 'f', 'v')
    AND oid >= {FIRST_OWN_NUMBER}"""
# The script may have another search_path; what other sessions see of a table is its number and its file.
LOCKED = f"""(SELECT pg_catalog.array_agg(pg_catalog.concat_ws(' ', l.relation, l.mode, c.relfilenode))
 FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
 WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
 AND l.relation >= {FIRST_OWN_NUMBER})""".replace("\n", "")
NOW = "pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())"
CLOCK = f"SELECT {NOW}"
Files = Mapping[int, int]  # by the number of a table: the number of its file


@dataclass(frozen=True)
class Held:
    """Holds what a session has locked, between `began` and `ended`, in seconds of the server's clock.

    `modes` has number of the table and mode, `files` the file of each table that is locked and still there.
    """

    began: float
    ended: float
    modes: frozenset[tuple[int, str]]
    files: Files


def question(mark: str) -> str:
    """Returns the question; `mark` is in its answer, so that it is known among a script's own results."""
    return f" SELECT {literal(mark)}::text, {NOW}, {LOCKED}, {NOW}"


def held_of(row: list[object]) -> Held:
    """Parses the answer."""
    _mark, began, locked, ended = row
    words = [str(one).split() for one in locked] if isinstance(locked, list) else []
    modes = frozenset((int(number), mode) for number, mode, *_file in words)
    files = {int(number): int(file) for number, _mode, *rest in words for file in rest}
    return Held(float(str(began)), float(str(ended)), modes, files)


def files_of_tables(connection: "Server") -> Files:
    """Returns the file of each table that other sessions see; views have none, which is 0."""
    return dict(rows_of(connection, FILES))


def strongest(modes: Iterable[str]) -> str:
    """Returns the lock that excludes most; empty for none."""
    return max(modes, key=lambda mode: STRENGTH.get(mode, 0), default="")
