"""Reads a statement of PostgreSQL into the changes it makes."""

from collections.abc import Callable, Iterable

from installer.bundle.sql.postgresql_statements import tokens_of
from packager.lint.history.changes import (
    Change,
    ChangeRows,
    CreateTable,
    NotRead,
    ReadOnly,
    RowsKind,
    SetOption,
    Setting,
)
from packager.lint.postgresql.postgresql_changes import (
    Cascade,
    ChangeObject,
    ClientCommand,
    CopyFromClient,
    Reindex,
    Rewrite,
    SetForTransaction,
    Transaction,
)
from packager.lint.postgresql.reading.alter_and_drop import read_alter, read_drop
from packager.lint.postgresql.reading.create_statements import read_create
from packager.lint.postgresql.reading.postgresql_words import (
    LONGEST,
    relation,
    relations,
    words_of,
)
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

READS = (
    "SELECT|VALUES|SHOW|EXPLAIN|TABLE|ANALYZE|ANALYSE|CHECKPOINT|LISTEN|UNLISTEN|NOTIFY|FETCH|DECLARE|CLOSE"
)
CHANGES_OBJECTS = "COMMENT|GRANT|REVOKE|SECURITY|REASSIGN"
ENDS = {"COMMIT": "COMMIT", "END": "COMMIT", "ROLLBACK": "ROLLBACK", "ABORT": "ROLLBACK"}
OF_TRANSACTION = "TRANSACTION|CONSTRAINTS"
ARGUMENTS_OF_SET_CONFIG = 3  # name, value, whether it is for the transaction only


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


def _set(words: Words) -> Iterable[Change]:
    is_local = words.take("LOCAL")
    words.take("SESSION") and words.take("CHARACTERISTICS", "AS")
    if words.take(OF_TRANSACTION):
        return (Transaction("SET TRANSACTION"),)
    if words.take("TIME", "ZONE"):
        name = "timezone"
    else:
        name = relation(words)
        words.take("TO") or words.take("=")
    setting = Setting(name, words.rest)
    return (SetForTransaction(setting) if is_local else SetOption(settings=(setting,)),)


def _reset(words: Words) -> Iterable[Change]:
    name = relation(words)
    return (SetOption(settings=(Setting(name, "DEFAULT"),)),)


def _select(words: Words) -> Iterable[Change]:
    """Reads `SELECT set_config('name', 'value', false)` as the SET that it is; dumps begin with it."""
    words.take("PG_CATALOG", ".")
    is_setting = words.take("SET_CONFIG")
    values = [part.rest for part in words.inside().parts()] if is_setting else []
    if len(values) != ARGUMENTS_OF_SET_CONFIG:
        return (_selected(words),)
    setting = Setting(values[0].strip("'").lower(), values[1])
    return (SetForTransaction(setting) if values[2].lower() == "true" else SetOption(settings=(setting,)),)


def _selected(words: Words) -> Change:
    """Returns the table that SELECT … INTO makes; of any other query, that it changes nothing."""
    _columns, into = words.cut("INTO")
    if not into.take("INTO"):
        return ReadOnly("SELECT")
    is_temporary = into.take("TEMP|TEMPORARY")
    into.take("UNLOGGED|TABLE")
    name = relation(into)
    return ReadOnly(makes=name) if is_temporary else CreateTable(name, from_select=True)


def _begin(words: Words) -> Iterable[Change]:
    return (Transaction("BEGIN"),)


def _end(words: Words) -> Iterable[Change]:
    word = ENDS[words.before.upper()]
    words.take("WORK|TRANSACTION")
    if words.sees("TO"):
        return (Transaction("SAVEPOINT"),)
    if words.take("AND", "CHAIN"):
        return (Transaction(word), Transaction("BEGIN"))
    return (Transaction(word),)


def _prepare(words: Words) -> Iterable[Change]:
    return (Transaction("COMMIT") if words.sees("TRANSACTION") else ReadOnly("PREPARE"),)


def _savepoint(words: Words) -> Iterable[Change]:
    return (Transaction("SAVEPOINT"),)


def _lock(words: Words) -> Iterable[Change]:
    return (Transaction("LOCK"),)


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
    """Reads the statement after the queries of WITH; a query that changes rows is not understood."""
    queries, statement = words.cut("SELECT|UPDATE|DELETE|INSERT|MERGE")
    if any(word in queries.rest.upper() for word in ("UPDATE ", "DELETE ", "INSERT ")):
        raise NotSql
    return _read(statement)


def _copy(words: Words) -> Iterable[Change]:
    if words.sees("("):
        return (ReadOnly("COPY"),)
    table = relation(words)
    _before, source = words.cut("FROM|TO")
    if source.sees("FROM", "STDIN"):
        return (CopyFromClient(table),)
    return (ChangeRows(table, "inserts") if source.sees("FROM") else ReadOnly("COPY"),)


def _vacuum(words: Words) -> Iterable[Change]:
    options = words.inside() if words.sees("(") else Words("", ())
    _before, full = options.cut("FULL")
    is_full = words.take("FULL") or bool(full.rest)
    if not is_full:
        return (ReadOnly("VACUUM"),)
    words.take_until("ANALYZE")
    return (Rewrite("", "VACUUM FULL"),)


def _cluster(words: Words) -> Iterable[Change]:
    if words.sees("("):
        words.inside()
    words.take("VERBOSE")
    return (Rewrite(relation(words) if words.sees_name() else "", "CLUSTER"),)


def _reindex(words: Words) -> Iterable[Change]:
    options = words.inside() if words.sees("(") else Words("", ())
    _before, named = options.cut("CONCURRENTLY")
    kind = words.name().upper()
    is_concurrent = words.take("CONCURRENTLY") or bool(named.rest)
    table = relation(words) if kind == "TABLE" else ""
    return (Reindex(table, f"REINDEX {kind} {table or words.rest}".strip(), is_concurrent),)


def _refresh(words: Words) -> Iterable[Change]:
    words.take("MATERIALIZED", "VIEW")
    if words.take("CONCURRENTLY"):
        return (ChangeObject(),)
    return (Rewrite(relation(words), "REFRESH MATERIALIZED VIEW"),)


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
    "SET": _set,
    "RESET": _reset,
    "SELECT": _select,
    "BEGIN|START": _begin,
    "COMMIT|END|ROLLBACK|ABORT": _end,
    "PREPARE": _prepare,
    "SAVEPOINT|RELEASE": _savepoint,
    "LOCK": _lock,
    "VACUUM": _vacuum,
    "CLUSTER": _cluster,
    "REINDEX": _reindex,
    "REFRESH": _refresh,
    CHANGES_OBJECTS: _object,
    READS: _nothing,
}
