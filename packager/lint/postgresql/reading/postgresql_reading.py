"""Reads a statement of PostgreSQL into the changes it makes."""

from collections.abc import Callable, Iterable

from installer.bundle.sql.postgresql_statements import tokens_of
from packager.lint.history.changes import (
    Change,
    ChangeRows,
    NotRead,
    ReadOnly,
    RowsKind,
)
from packager.lint.postgresql.postgresql_changes import (
    Cascade,
    ChangeObject,
    ClientCommand,
    CopyFromClient,
)
from packager.lint.postgresql.reading.alter_and_drop import read_alter, read_drop
from packager.lint.postgresql.reading.create_statements import read_create
from packager.lint.postgresql.reading.maintenance_statements import (
    read_cluster,
    read_refresh,
    read_reindex,
    read_vacuum,
)
from packager.lint.postgresql.reading.postgresql_words import (
    LONGEST,
    relation,
    relations,
    words_of,
)
from packager.lint.postgresql.reading.session_statements import (
    read_begin,
    read_end,
    read_lock,
    read_prepare,
    read_reset,
    read_savepoint,
    read_select,
    read_set,
)
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

READS = (
    "SELECT|VALUES|SHOW|EXPLAIN|TABLE|ANALYZE|ANALYSE|CHECKPOINT|LISTEN|UNLISTEN|NOTIFY|FETCH|DECLARE|CLOSE"
)
CHANGES_OBJECTS = "COMMENT|GRANT|REVOKE|SECURITY|REASSIGN"


def read_postgresql(sql: str) -> tuple[Change, ...]:
    """Returns what a statement does, in order; `NotRead` if it is not understood."""
    command = _client_command(sql)
    if command:
        return (ClientCommand(command),)
    try:
        return tuple(_read(words_of(sql)))
    except NotSql:
        return (NotRead("", sql),)


def _client_command(sql: str) -> str:
    """Returns the rest of a line after a backslash, which only `psql` understands; empty if there is none.

    A backslash in a text or a quoted name is none of these.
    """
    signs = (token for token in tokens_of(sql[:LONGEST]) if token.kind == "sign") if "\\" in sql else ()
    begin = next((sign.start for sign in signs if sign.text == "\\"), None)
    return "" if begin is None else sql[begin:].splitlines()[0].strip()


def _read(words: Words) -> Iterable[Change]:
    for begins, read in _STATEMENTS.items():
        if words.take(begins):
            return read(words)
    raise NotSql


def _truncate(words: Words) -> Iterable[Change]:
    words.take("TABLE")
    names = relations(words)
    words.take("RESTART|CONTINUE", "IDENTITY")
    cascades = words.take("CASCADE")
    others = ", ".join(names)
    found: list[Change] = [ChangeRows(name, "truncates", condition=others) for name in names]
    return (*found, *(Cascade(name, "") for name in names if cascades))


def _rows(kind: RowsKind) -> Callable[[Words], Iterable[Change]]:
    def read(words: Words) -> Iterable[Change]:
        while words.take("INTO|FROM|ONLY"):
            pass
        table = relation(words)
        _values, conflict = words.cut("CONFLICT")
        updates = kind == "inserts" and " DO UPDATE" in " ".join(conflict.rest.upper().split())
        condition = words.rest if kind in ("updates", "deletes") else ""
        return (ChangeRows(table, kind, updates, condition),)

    return read


def _with(words: Words) -> Iterable[Change]:
    """Reads the queries of WITH, which may change rows, and the statement after them."""
    words.take("RECURSIVE")
    changes = [*_query(words)]
    while words.take(","):
        changes += _query(words)
    made = [change for change in changes if not isinstance(change, ReadOnly)]
    return (*made, *_read(words))


def _query(words: Words) -> Iterable[Change]:
    """Reads `name (columns) AS MATERIALIZED (…)`."""
    words.take_until("AS")
    words.take("AS")
    words.take("NOT")
    words.take("MATERIALIZED")
    if not words.sees("("):
        raise NotSql
    return _read(words.inside())


def _copy(words: Words) -> Iterable[Change]:
    if words.sees("("):
        return (ReadOnly("COPY"),)
    table = relation(words)
    _before, source = words.cut("FROM|TO")
    if source.sees("FROM", "STDIN"):
        return (CopyFromClient(table),)
    return (ChangeRows(table, "inserts") if source.sees("FROM") else ReadOnly("COPY"),)


def _object(words: Words) -> Iterable[Change]:
    return (ChangeObject(),)


def _nothing(words: Words) -> Iterable[Change]:
    return (ReadOnly(words.before.upper()),)


_STATEMENTS: dict[str, Callable[[Words], Iterable[Change]]] = {
    "ALTER": read_alter,
    "CREATE": read_create,
    "DROP": read_drop,
    "TRUNCATE": _truncate,
    "INSERT": _rows("inserts"),
    "UPDATE": _rows("updates"),
    "DELETE": _rows("deletes"),
    "MERGE": _rows("updates"),
    "WITH": _with,
    "COPY": _copy,
    "SET": read_set,
    "RESET": read_reset,
    "SELECT": read_select,
    "BEGIN|START": read_begin,
    "COMMIT|END|ROLLBACK|ABORT": read_end,
    "PREPARE": read_prepare,
    "SAVEPOINT|RELEASE": read_savepoint,
    "LOCK": read_lock,
    "VACUUM": read_vacuum,
    "CLUSTER": read_cluster,
    "REINDEX": read_reindex,
    "REFRESH": read_refresh,
    CHANGES_OBJECTS: _object,
    READS: _nothing,
}
