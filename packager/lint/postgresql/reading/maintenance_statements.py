"""Reads what maintains tables and indexes: VACUUM, CLUSTER, REINDEX, REFRESH."""

from collections.abc import Iterable

from packager.lint.history.changes import Change, ReadOnly
from packager.lint.postgresql.postgresql_changes import ChangeObject, Reindex, Rewrite
from packager.lint.postgresql.reading.postgresql_words import relation
from packager.lint.sql.word_cursor import Words


def read_vacuum(words: Words) -> Iterable[Change]:
    options = words.inside() if words.sees("(") else Words("", ())
    _before, full = options.cut("FULL")
    is_full = words.take("FULL") or bool(full.rest)
    if not is_full:
        return (ReadOnly("VACUUM"),)
    words.take_until("ANALYZE")
    return (Rewrite("", "VACUUM FULL"),)


def read_cluster(words: Words) -> Iterable[Change]:
    if words.sees("("):
        words.inside()
    words.take("VERBOSE")
    return (Rewrite(relation(words) if words.sees_name() else "", "CLUSTER"),)


def read_reindex(words: Words) -> Iterable[Change]:
    options = words.inside() if words.sees("(") else Words("", ())
    _before, named = options.cut("CONCURRENTLY")
    kind = words.name().upper()
    is_concurrent = words.take("CONCURRENTLY") or bool(named.rest)
    table = relation(words) if kind == "TABLE" else ""
    return (Reindex(table, f"REINDEX {kind} {table or words.rest}".strip(), is_concurrent),)


def read_refresh(words: Words) -> Iterable[Change]:
    words.take("MATERIALIZED", "VIEW")
    if words.take("CONCURRENTLY"):
        return (ChangeObject(),)
    return (Rewrite(relation(words), "REFRESH MATERIALIZED VIEW"),)
