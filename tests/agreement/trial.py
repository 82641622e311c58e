"""What a server does with one statement: whether it fails, blocks, and changes the rows that are there."""

from dataclasses import dataclass, replace

from installer.bundle.sql.statement_words import begins_with, renamed_columns
from tests.agreement.picture import Row, difference, picture_of
from tests.agreement.place import EVERYTHING, Ids, Place
from tests.agreement.tables import TABLES

NOT_BESIDE_WRITES = (1845, 1846)
NOBODY: Ids = frozenset()


@dataclass(frozen=True)
class Trial:
    """`fails` is the error number with all rows, `refused` the one without any.

    `silent` rows are changed and `lost` ones removed without an error; `is_filled`: rows got values that
    nobody gave. `offending` rows of `table` make the statement fail, alone or beside an equal one.
    """

    table: str
    fails: int | None = None
    refused: int | None = None
    blocks: bool = False
    silent: frozenset[Row] = frozenset()
    lost: frozenset[Row] = frozenset()
    is_filled: bool = False
    offending: Ids | None = None


class Judge:
    """A server's answers."""

    def __init__(self, place: Place) -> None:
        self._place = place
        with place.tables() as connection:
            self._before = picture_of(connection)

    def trial(self, sql: str) -> Trial:
        """Everything about a statement but its offending rows."""
        done = self._attempt(sql, EVERYTHING)
        if not is_table_change(sql):
            return replace(done, refused=self._attempt(sql, NOBODY).fails)
        with self._place.tables(NOBODY) as connection:
            comma = "," if begins_with(sql, "ALTER") else ""
            blocked = self._place.attempt(connection, f"{sql}{comma} LOCK = NONE")
        refused = self._attempt(sql, NOBODY).fails if blocked else None
        return replace(done, refused=refused, blocks=not refused and blocked in NOT_BESIDE_WRITES)

    def row_by_row(self, sql: str, suspects: Ids) -> Trial:
        """What the rows of the table do one by one; all but the `suspects` are tried together first.

        For a table change that fails because of rows.
        """
        everyone = frozenset(self._before.rows[_table(sql)])
        others = self._attempt(sql, everyone - suspects)
        if others.fails:
            return self.row_by_row(sql, everyone)
        alone = {id_: self._attempt(sql, frozenset({id_})) for id_ in sorted(suspects)}
        bad = {id_ for id_, trial in alone.items() if trial.fails}
        good = [others, *(trial for trial in alone.values() if not trial.fails)]
        return Trial(
            _table(sql),
            silent=frozenset().union(*(trial.silent for trial in good)),
            lost=frozenset().union(*(trial.lost for trial in good)),
            is_filled=any(trial.is_filled for trial in good),
            offending=frozenset(bad | self._equal(sql, everyone - bad)),
        )

    def _attempt(self, sql: str, kept: Ids) -> Trial:
        """What happens with only these rows in the statement's table."""
        table = _table(sql)
        with self._place.tables(kept, table if kept and kept != EVERYTHING else "") as connection:
            fails = self._place.attempt(connection, sql)
            if fails or not kept:
                return Trial(table, fails)
            rows = {(name, id_) for name, found in self._before.rows.items() for id_ in found}
            present = frozenset((name, id_) for name, id_ in rows if id_ in kept or name != table)
            renamed = {(table, new): old for new, old in renamed_columns(sql).items()}
            found = difference(self._before, picture_of(connection), present, renamed)
            return Trial(table, silent=found.changed, lost=found.lost, is_filled=found.is_filled)

    def _equal(self, sql: str, ids: Ids) -> set[int]:
        """The rows that fail only beside another one, and those others."""
        apart: set[int] = set()
        bad: set[int] = set()
        if not self._attempt(sql, ids).fails:
            return bad
        for id_ in sorted(ids):
            if not self._attempt(sql, frozenset({*apart, id_})).fails:
                apart.add(id_)
                continue
            bad |= {id_, next(o for o in sorted(apart) if self._attempt(sql, frozenset({o, id_})).fails)}
        return bad


def depends_on_rows(sql: str, trial: Trial) -> bool:
    """Whether a table change fails because of rows that can be tried one by one, without their like."""
    is_of_rows = bool(trial.fails) and not trial.refused and is_table_change(sql)
    return is_of_rows and f"REFERENCES {trial.table}" not in sql


def is_table_change(sql: str) -> bool:
    """Whether a table is made into another, a work for which the server can be asked what it locks."""
    alters = begins_with(sql, "ALTER", "TABLE") and not begins_with(
        sql, "ALTER", "TABLE", _table(sql).upper(), "RENAME", "TO"
    )
    return (
        alters
        or begins_with(sql, "ALTER", "IGNORE")
        or begins_with(sql, "CREATE", "INDEX")
        or begins_with(sql, "CREATE", "UNIQUE")
    )


def _table(sql: str) -> str:
    """The table of the suite that a statement changes: the first it names."""
    words = sql.replace("(", " ").split()
    return next((word for word in words if word in TABLES), "t")
