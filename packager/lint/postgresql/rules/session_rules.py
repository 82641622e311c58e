"""Checks what a script leaves set in its session, and whether it waits for locks without a limit."""

from collections.abc import Iterator, Sequence

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    AddColumn,
    Change,
    ChangeDefault,
    DropColumn,
    DropConstraint,
    DropTable,
    RenameColumn,
    RenameTable,
    SetOption,
    Setting,
)
from packager.lint.postgresql.postgresql_changes import (
    AttachPartition,
    BuildIndex,
    BuildPrimaryKey,
    ChangeProperty,
    ChangeServer,
    ChangeType,
    CheckRows,
    DropIndexNamed,
    RenameConstraint,
    Rewrite,
    SetForTransaction,
    SetNotNull,
)
from packager.lint.postgresql.postgresql_history import Known, known_after
from packager.lint.postgresql.rules.script_transactions import Read

LIMIT = "lock_timeout"
WANTED = (LIMIT, "statement_timeout", "idle_in_transaction_session_timeout")
CHANGE_MEANING = ("search_path", "session_replication_role", "row_security", "role", "check_function_bodies")
LOCK_ALL = (  # measured: ACCESS EXCLUSIVE, though most of them are done at once
    AddColumn, AttachPartition, BuildPrimaryKey, ChangeDefault, ChangeProperty, ChangeType, CheckRows,
    DropColumn, DropConstraint, DropTable, RenameColumn, RenameConstraint, RenameTable, Rewrite, SetNotNull,
)  # fmt: skip


def of_session(read: Sequence[Read], known: Known) -> Iterator[tuple[int, Finding]]:
    """Yields the findings about the session, with the number of their statement, from 0."""
    yield from _left_set(read)
    yield from _without_limit(read, known)
    for at, (_statement, changes) in enumerate(read):
        for change in changes:
            if isinstance(change, ChangeServer):
                yield at, Finding("PG115", now=change.words)


def _left_set(read: Sequence[Read]) -> Iterator[tuple[int, Finding]]:
    last: dict[str, tuple[int, str]] = {}
    for at, (_statement, changes) in enumerate(read):
        for setting in _settings(changes):
            last[setting.name] = at, setting.value
    for name, (at, value) in last.items():
        if value.upper() != "DEFAULT" and name not in WANTED:
            yield at, Finding("AL160" if name in CHANGE_MEANING else "AL161", now=f"{name} = {value}")


def _settings(changes: tuple[Change, ...]) -> Iterator[Setting]:
    for change in changes:
        if isinstance(change, SetOption):
            yield from change.settings


def _without_limit(read: Sequence[Read], known: Known) -> Iterator[tuple[int, Finding]]:
    """Yields the first statement of a script that may wait for a lock for any time, blocking all others."""
    for at, (_statement, changes) in enumerate(read):
        if any(setting.name == LIMIT for setting in (*_settings(changes), *_local(changes))):
            return
        for change in changes:
            table = _locked(change, known)
            if table:
                yield at, Finding("PG108", table)
                return
            known = known_after(known, change)


def _local(changes: tuple[Change, ...]) -> Iterator[Setting]:
    return (one.setting for one in changes if isinstance(one, SetForTransaction))


def _locked(change: Change, known: Known) -> str:
    """Returns the table that the change locks for all others; empty if there is none."""
    match change:
        case DropIndexNamed(is_concurrent=False, name=name):
            table = known.table_of_index(name)
        case BuildIndex(table=name, of_constraint="unique" | "exclude"):
            table = name
        case _:
            table = change.changed_table if isinstance(change, LOCK_ALL) else ""
    return table if table and known.is_shared(table) else ""
