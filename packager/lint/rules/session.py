"""Checks what a script leaves set in its session, which Prisma reuses for the next migration."""

from collections.abc import Iterator, Sequence

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import Change, ChangeRows, NotRead, ReadOnly, SetOption, UseDatabase

CODES = {"autocommit": "AL166", "foreign_key_checks": "AL160", "sql_mode": "AL160"}  # all others: AL161
ORDINARY = {
    "autocommit": ("1", "ON", "TRUE"), "foreign_key_checks": ("1", "ON", "TRUE"),
    "unique_checks": ("1", "ON", "TRUE"), "names": ("UTF8MB4",), "character set": ("UTF8MB4",),
}  # fmt: skip
NO_COMMIT = (ChangeRows, SetOption, ReadOnly, NotRead, UseDatabase)


def left_behind(statements: Sequence[tuple[Change, ...]]) -> dict[int, list[Finding]]:
    """Returns the session findings of a script by the number of their statement, from 0."""
    found: dict[int, list[Finding]] = {}
    for at, finding in (*_settings(statements), *_open_ends(statements)):
        found.setdefault(at, []).append(finding)
    return found


def _settings(statements: Sequence[tuple[Change, ...]]) -> Iterator[tuple[int, Finding]]:
    last: dict[str, tuple[int, str]] = {}
    for at, changes in enumerate(statements):
        for change in changes:
            for setting in change.settings if isinstance(change, SetOption) else ():
                if setting.is_global:
                    yield at, Finding("AL165", now=f"{setting.name} = {setting.value}")
                else:
                    last[setting.name] = at, setting.value
    for name, (at, value) in last.items():
        if not _is_ordinary(name, value):
            written = f"{name} {value}" if name in ("names", "character set") else f"{name} = {value}"
            yield at, Finding(CODES.get(name, "AL161"), now=written)


def _is_ordinary(name: str, value: str) -> bool:
    """Returns whether the value is that of a new session, or was saved in a variable."""
    bare = value.strip("'\"").upper()
    return bare == "DEFAULT" or bare.startswith("@") or bare in ORDINARY.get(name, ())


def _open_ends(statements: Sequence[tuple[Change, ...]]) -> Iterator[tuple[int, Finding]]:
    """Yields a transaction, locks, or another database left at the end of the script."""
    transaction = locks = database = None
    for at, changes in enumerate(statements):
        for change in changes:
            word = change.word if isinstance(change, ReadOnly) else ""
            if word in ("BEGIN", "START"):
                transaction = at
            elif word in ("COMMIT", "ROLLBACK", "LOCK") or not isinstance(change, NO_COMMIT):
                transaction = None
            if word in ("LOCK", "UNLOCK"):
                locks = at if word == "LOCK" else None
            if isinstance(change, UseDatabase):
                database = at, change.name
    if database is not None:
        yield database[0], Finding("AL162", now=database[1])
    if locks is not None:
        yield locks, Finding("AL163")
    if transaction is not None:
        yield transaction, Finding("AL164")
