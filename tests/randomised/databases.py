"""A whole database thrown from a seed: objects of every kind, rows, a past, accounts, a history of Prisma."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.mariadb.migration.history import create_history, record_start, record_success
from installer.mariadb.server.queries import quoted, run_sql
from installer.mariadb.server.server import connect
from tests.randomised.dice import Dice, literal
from tests.randomised.programs import (
    Made,
    any_event,
    any_package,
    any_routine,
    any_sequence,
    any_trigger,
    any_view,
)
from tests.randomised.tables import Table, any_table
from tests.testbed.mariadb import MariaDB

LOOSE = "NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES"  # whatever old servers let in
FIRST = Migration("20260101000000_init", b"CREATE TABLE one (id INT);")
SECOND = Migration("20260102000000_é", "-- 한글".encode())
NAMES = ("shop {n}", "vault_{n}", "백업 {n}", "a`b{n}", "x;-- {n}", "a.b-{n}")
CHARSETS = ("utf8mb4 COLLATE utf8mb4_unicode_ci", "latin1", "euckr", "utf8mb4 COLLATE utf8mb4_bin")


@dataclass(frozen=True)
class RandomDatabase:
    """What a seed makes: the statements in order, and the objects a migration may change."""

    name: str
    create: str
    account: str
    tables: tuple[Table, ...]
    others: tuple[Made, ...]
    calls: tuple[str, ...]
    grants: tuple[str, ...]

    def of(self, kind: str) -> tuple[Made, ...]:
        """Everything of one kind but tables."""
        return tuple(made for made in self.others if made.kind == kind)


def random_database(dice: Dice, number: int) -> RandomDatabase:
    """A database whose name carries `number`, so that several stand side by side."""
    name = dice.choice(NAMES).format(n=number)
    about = f" COMMENT {literal(dice.choice(('', 'an old one', 'a;b')))}"
    create = f"CREATE DATABASE {quoted(name)} CHARACTER SET {dice.choice(CHARSETS)}{about}"
    sequences = [any_sequence(dice, place) for place in range(dice.randint(0, 2))]
    tables: list[Table] = []
    for place in range(dice.randint(1, 5)):
        tables.append(any_table(dice, place, tables, [made.name for made in sequences]))
    programs = [
        *(_in_a_fitting_session(view, name) for view in _views(dice, tables)),
        *(any_routine(dice, place) for place in range(dice.randint(0, 3))),
        *(any_package(dice, 0) if dice.happens(0.5) else ()),
        *_triggers(dice, tables),
        *(any_event(dice, place) for place in range(dice.randint(0, 2))),
    ]
    calls = [f"SELECT NEXTVAL({quoted(made.name)})" for made in sequences for _ in range(dice.randint(0, 3))]
    account = f"`app's {number}`@`%`"
    others = (*sequences, *programs)
    grants = tuple(_grants(dice, name, account, tables, others))
    return RandomDatabase(name, create, account, tuple(tables), others, tuple(calls), grants)


@contextmanager
def standing(server: MariaDB, database: RandomDatabase) -> Iterator[DatabaseAddress]:
    """The database on this server for the time of the context."""
    server.execute(f"DROP DATABASE IF EXISTS {quoted(database.name)}")
    server.execute(database.create)
    server.execute(f"CREATE OR REPLACE USER {database.account}")
    try:
        address = server.address(database.name)
        _build(address, database)
        yield address
    finally:
        server.execute(f"DROP DATABASE IF EXISTS {quoted(database.name)}")
        server.execute(f"DROP USER {database.account}")


def _build(address: DatabaseAddress, database: RandomDatabase) -> None:
    with connect(address) as connection:
        run_sql(connection, f"SET SESSION sql_mode = '{LOOSE}', SESSION time_zone = '+00:00'")
        for sequence in database.of("SEQUENCE"):
            run_sql(connection, sequence.create)
        for table in database.tables:
            run_sql(connection, table.create)
        for table in database.tables:
            for row in table.rows:
                run_sql(connection, row)
        for call in database.calls:
            run_sql(connection, call)
        for made in database.others[len(database.of("SEQUENCE")) :]:
            run_sql(connection, f"SET SESSION sql_mode = '{made.sql_mode}'")
            run_sql(connection, f"SET NAMES {made.client}")
            run_sql(connection, made.create)
        run_sql(connection, "SET NAMES utf8mb4")
        for grant in database.grants:
            run_sql(connection, grant)
        create_history(connection)
        for migration in (FIRST, SECOND):
            record_success(connection, record_start(connection, migration))


def _views(dice: Dice, tables: Sequence[Table]) -> list[Made]:
    below, views = [table.sql for table in tables], []
    for place in range(dice.randint(0, 3)):
        views.append(any_view(dice, place, below))
        if (
            "SQL SECURITY INVOKER" not in views[-1].create
        ):  # nobody can read through one whose definer is gone
            below.append(quoted(views[-1].name))
    return views


def _in_a_fitting_session(view: Made, database: str) -> Made:
    """A view's text holds the name of its database: a session in latin1 would lose a Korean one."""
    return view if database.isascii() else replace(view, client="utf8mb4")


def _triggers(dice: Dice, tables: Sequence[Table]) -> list[Made]:
    found: list[Made] = []
    for table in dice.some(tables, 2):
        before: list[str] = []
        for _ in range(dice.randint(1, 3)):
            found.append(any_trigger(dice, len(found), table, before))
            before.append(found[-1].name)
    return found


def _grants(
    dice: Dice, name: str, account: str, tables: Sequence[Table], others: Sequence[Made]
) -> Iterator[str]:
    schema = quoted(name.replace("_", "\\_"))
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON {schema}.* TO {account}"
    yield f"GRANT SELECT (id), UPDATE (site) ON {dice.choice(tables).sql} TO {account} WITH GRANT OPTION"
    routines = [made for made in others if made.kind in ("PROCEDURE", "FUNCTION")]
    for made in routines:
        if made.name.isascii() and dice.happens(0.5):  # of others the server garbles the name when it starts
            yield f"GRANT EXECUTE, ALTER ROUTINE ON {made.kind} {quoted(made.name)} TO {account}"
