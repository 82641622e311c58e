"""Defines the values of a rehearsal's result. The room `rehearsal` makes them, the report shows them."""

from dataclasses import dataclass
from typing import Literal

from installer.text import _

Algorithm = Literal["INSTANT", "NOCOPY", "INPLACE", "COPY"]
Lock = Literal["NONE", "SHARED", "EXCLUSIVE"]
Blocked = Literal["nobody", "writes", "everybody"]


@dataclass(frozen=True)
class RehearsedStatement:
    """Describes one statement of a script that ran on the copy; `number` and `line` count from 1.

    It took `seconds`. `rows` are those it changed, None for a statement with a result or without an answer.
    `algorithm` and `lock` are the best that the server accepted for it; None where it has none or the server
    could not be asked. `message` holds the server's own counts, where it gave any.

    A server that only reports locks gives `lock_mode`, the strongest one that the session holds on an
    existing table while the statement runs, by the server's name, and thereby who is `blocked`; `rewrites`:
    the statement wrote a whole table again.
    """

    number: int
    line: int
    text: str
    rows: int | None
    seconds: float
    algorithm: Algorithm | None = None
    lock: Lock | None = None
    message: str = ""
    warnings: int = 0
    lock_mode: str = ""
    blocked: Blocked | None = None
    rewrites: bool = False

    @property
    def is_blocking(self) -> bool:
        """Returns whether other sessions cannot write to the table while the statement runs."""
        return self.lock not in (None, "NONE") or self.blocked in ("writes", "everybody")

    @property
    def cost(self) -> str:
        """Returns the effect on the table, for people; empty where it is not known."""
        if self.algorithm is None:
            return self._cost_by_lock
        if self.algorithm == "INSTANT":
            return _("instant")
        rebuilds = self.algorithm != "NOCOPY"
        if self.is_blocking:
            return _("rebuilds the table, blocks writes") if rebuilds else _("blocks writes")
        return _("rebuilds the table") if rebuilds else _("no rebuild, allows writes")

    @property
    def _cost_by_lock(self) -> str:
        words = {"nobody": _("allows reads and writes"), "writes": _("blocks writes"),
                 "everybody": _("blocks reads and writes")}  # fmt: skip
        if not self.rewrites:
            return words[self.blocked] if self.blocked else ""
        if self.blocked == "everybody":
            return _("rewrites the table, blocks reads and writes")
        return _("rewrites the table")


@dataclass(frozen=True)
class RehearsedMigration:
    """Holds one migration with the statements that ran, including the failed one."""

    name: str
    seconds: float
    statements: tuple[RehearsedStatement, ...]


@dataclass(frozen=True)
class Offender:
    """Describes rows that violate a statement: exactly `rows` of `table`, found by `select`.

    `words` give the reason. `select` is complete, for any client in the schema. `fits_today`: it also runs in
    the running database, as every column it names exists there; otherwise it runs only after the earlier
    statements.
    """

    table: str
    rows: int
    select: str
    words: str
    fits_today: bool


@dataclass(frozen=True)
class RehearsalFailure:
    """Describes the statement that failed on the copy.

    `code` is the server's, a number or an SQLSTATE; 0 or empty where it sent none.
    `error` is the whole line for people, which also names the database engine and the code if there is one.
    `notes` give further findings, or that the rows are not known; a number in them is as exact as in
    `offenders`.
    """

    migration: str
    number: int
    line: int
    text: str
    code: int | str
    error: str
    offenders: tuple[Offender, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SilentChange:
    """Describes rows whose values change, or that are deleted, without an error.

    `words` say what happens to how many. `rows` is exact, or None when the number is not known. `table` and
    `column` are empty where it is not about one column; `select` finds the rows, where one can. `fits_today`:
    it also runs in the running database.
    """

    migration: str
    number: int
    line: int
    table: str
    column: str
    rows: int | None
    select: str
    words: str
    fits_today: bool


@dataclass(frozen=True)
class Rehearsal:
    """Holds what the pending migrations did to a copy of the database.

    `schema_diff` are lines of a unified diff. `drift` has a line for each difference between the running
    schema and the result of its applied migrations; when the drift is not known, `drift_unknown` gives the
    reason.
    """

    migrations: tuple[RehearsedMigration, ...] = ()
    failure: RehearsalFailure | None = None
    schema_diff: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    drift_unknown: str = ""
    silent_changes: tuple[SilentChange, ...] = ()

    @property
    def seconds(self) -> float:
        """Returns the migrations' part of the downtime, as measured on the copy."""
        return sum(migration.seconds for migration in self.migrations)
