"""Reads what sets options of a session, and where transactions begin and end."""

from collections.abc import Iterable

from packager.lint.history.changes import Change, CreateTable, ReadOnly, SetOption, Setting
from packager.lint.postgresql.postgresql_changes import SetForTransaction, Transaction
from packager.lint.postgresql.reading.postgresql_words import relation
from packager.lint.sql.word_cursor import Words

ENDS = {"COMMIT": "COMMIT", "END": "COMMIT", "ROLLBACK": "ROLLBACK", "ABORT": "ROLLBACK"}
OF_TRANSACTION = "TRANSACTION|CONSTRAINTS"
ARGUMENTS_OF_SET_CONFIG = 3  # name, value, whether it is for the transaction only


def read_set(words: Words) -> Iterable[Change]:
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


def read_reset(words: Words) -> Iterable[Change]:
    name = relation(words)
    return (SetOption(settings=(Setting(name, "DEFAULT"),)),)


def read_select(words: Words) -> Iterable[Change]:
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


def read_begin(words: Words) -> Iterable[Change]:
    return (Transaction("BEGIN"),)


def read_end(words: Words) -> Iterable[Change]:
    word = ENDS[words.before.upper()]
    words.take("WORK|TRANSACTION")
    if words.sees("TO"):
        return (Transaction("SAVEPOINT"),)
    if words.take("AND", "CHAIN"):
        return (Transaction(word), Transaction("BEGIN"))
    return (Transaction(word),)


def read_prepare(words: Words) -> Iterable[Change]:
    return (Transaction("COMMIT") if words.sees("TRANSACTION") else ReadOnly("PREPARE"),)


def read_savepoint(words: Words) -> Iterable[Change]:
    return (Transaction("SAVEPOINT"),)


def read_lock(words: Words) -> Iterable[Change]:
    return (Transaction("LOCK"),)
