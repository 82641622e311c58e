"""What a rehearsal has found out: values only. Making them: `rehearsal`. Showing them: the report."""

from dataclasses import dataclass
from typing import Literal

from installer.text import _

Algorithm = Literal["INSTANT", "NOCOPY", "INPLACE", "COPY"]
Lock = Literal["NONE", "SHARED", "EXCLUSIVE"]


@dataclass(frozen=True)
class RehearsedStatement:
    """One statement of a script that ran on the copy, in `seconds`; `number` and `line` count from 1.

    `rows` are those it changed, None for a statement with a result or without an answer. `algorithm` and
    `lock` are the best the server accepted for it; None where it has none or could not be asked. `message`
    are the server's own counts, where it gave any.
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

    @property
    def is_blocking(self) -> bool:
        """Whether nobody can write to the table while it runs."""
        return self.lock not in (None, "NONE")

    @property
    def cost(self) -> str:
        """What it does to the table, for people; empty where it is not known."""
        if self.algorithm is None:
            return ""
        if self.algorithm == "INSTANT":
            return _("instant")
        rebuilds = self.algorithm != "NOCOPY"
        if self.is_blocking:
            return _("rebuilds the table, blocks writes") if rebuilds else _("blocks writes")
        return _("rebuilds the table") if rebuilds else _("no rebuild, writes go on")


@dataclass(frozen=True)
class RehearsedMigration:
    """One migration with the statements that ran, the failed one included."""

    name: str
    seconds: float
    statements: tuple[RehearsedStatement, ...]


@dataclass(frozen=True)
class Offender:
    """Rows that stand against a statement: exactly `rows` of `table`, found by `select`; `words` say why.

    `select` is complete, for any client in the schema. `fits_today`: it can also be asked of the live
    database, as every column it names is there already; else only where the earlier statements have run.
    """

    table: str
    rows: int
    select: str
    words: str
    fits_today: bool


@dataclass(frozen=True)
class RehearsalFailure:
    """The statement that failed on the copy, with the server's `code` and words.

    `notes` say what else is known, or that the rows are not; a number in them is as exact as in `offenders`.
    """

    migration: str
    number: int
    line: int
    text: str
    code: int
    error: str
    offenders: tuple[Offender, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SilentChange:
    """Rows whose values change, or that vanish, without an error; `words` say what happens to how many.

    `rows` is exact, or None when it cannot be known. `table` and `column` are empty where it is not about one
    column; `select` finds the rows, where one can. `fits_today`: it can also be asked of the live database.
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
    """What the pending migrations did to a copy of the database.

    `schema_diff` are lines of a unified diff. `drift` has a line for each difference between the live schema
    and what its applied migrations make; when that cannot be known, `drift_unknown` says why.
    """

    migrations: tuple[RehearsedMigration, ...] = ()
    failure: RehearsalFailure | None = None
    schema_diff: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    drift_unknown: str = ""
    silent_changes: tuple[SilentChange, ...] = ()

    @property
    def seconds(self) -> float:
        """The migrations' part of the downtime, as measured on the copy."""
        return sum(migration.seconds for migration in self.migrations)
