"""What a PostgreSQL server does with a conversion: refuses it, rewrites the table, fails, changes values."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import ServerError, literal, rows_of, run_script, value_of
from installer.postgresql.server.server import connect
from tests.agreement.postgresql.conversions import SCHEMA, TABLE, VALUES, Conversion

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

FILE = "SELECT pg_relation_filenode('c')"
TEXTS = "SELECT id, v::text, octet_length(v::text) FROM c ORDER BY id"
UTC = "SET LOCAL timezone = 'UTC'"
OTHER_ZONE = "SET LOCAL timezone = 'Asia/Seoul'"  # of a site; the server's default would hide what it changes


@dataclass(frozen=True)
class Trial:
    """`refused` is the SQLSTATE without rows, `fails` the one with all of them; empty where there is none.

    `offending` are the rows that fail one by one. `changed`: of the others, those whose values the old type
    does not get back; None where there is no way back.
    """

    refused: str
    fails: str
    is_rewritten: bool
    offending: frozenset[int]
    changed: frozenset[int] | None


def fill(address: DatabaseAddress, old: str) -> None:
    """Makes the table `c` with the values of this type."""
    rows = ", ".join(
        f"({at}, {'NULL' if value is None else literal(value)})" for at, value in enumerate(VALUES[old], 1)
    )
    with connect(address) as connection:
        run_script(
            connection, f"DROP TABLE IF EXISTS c; {TABLE.format(type=old)} INSERT INTO c VALUES {rows}"
        )


def make_types(address: DatabaseAddress) -> None:
    """Makes the types that the table may have."""
    with connect(address) as connection:
        run_script(connection, SCHEMA)


def try_out(connection: "Server", one: Conversion) -> Trial:
    """All answers of the server; the table stays as it is."""
    ids = frozenset(range(1, len(VALUES[one.old]) + 1))
    refused, fails = _attempt(connection, one, frozenset()), _attempt(connection, one, ids)
    depends = fails and not refused
    bad = frozenset(n for n in ids if _attempt(connection, one, frozenset({n}))) if depends else frozenset()
    is_rewritten = not refused and _is_rewritten(connection, one, ids - bad)
    changed = frozenset() if refused else _changed(connection, one, ids - bad)
    return Trial(refused, fails, is_rewritten, bad, changed)


@contextmanager
def _only(connection: "Server", kept: frozenset[int]) -> Iterator[None]:
    """A transaction in which the table has only these rows."""
    ids = ",".join(map(str, kept))
    run_script(connection, f"BEGIN; {OTHER_ZONE}; DELETE FROM c WHERE id <> ALL ('{{{ids}}}')")
    try:
        yield
    finally:
        run_script(connection, "ROLLBACK")


def _attempt(connection: "Server", one: Conversion, kept: frozenset[int]) -> str:
    with _only(connection, kept):
        try:
            run_script(connection, one.sql)
        except ServerError as error:
            return error.code
    return ""


def _is_rewritten(connection: "Server", one: Conversion, kept: frozenset[int]) -> bool:
    with _only(connection, kept):
        before = value_of(connection, FILE)
        run_script(connection, one.sql)
        return bool(value_of(connection, FILE) != before)


def _changed(connection: "Server", one: Conversion, kept: frozenset[int]) -> frozenset[int] | None:
    with _only(connection, kept):
        run_script(connection, UTC)
        before = rows_of(connection, TEXTS)
        run_script(connection, f"{OTHER_ZONE}; {one.sql}")
        try:
            run_script(
                connection,
                f"{UTC}; ALTER TABLE c ALTER v TYPE {one.old} USING v::{one.old}",
            )
        except ServerError:
            return None
        return frozenset(
            row[0] for row, other in zip(before, rows_of(connection, TEXTS), strict=True) if row != other
        )
