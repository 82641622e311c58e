"""A whole PostgreSQL database thrown from a seed: objects of every kind, rows, roles, a history of Prisma."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.postgresql.migration.history import create_history, record_start, record_success
from installer.postgresql.server.queries import ServerError, quoted, run_script, value_of
from installer.postgresql.server.server import connect
from tests.randomised.dice import Dice
from tests.randomised.postgresql.objects import Made, any_objects, filled
from tests.randomised.postgresql.rare_objects import ABOUT, BEFORE_TABLES, EXTENSIONS, OTHERS, SETTINGS
from tests.randomised.postgresql.tables import Table, any_table
from tests.testbed.postgresql import PostgreSQL

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

FIRST = Migration("20260101000000_init", b"CREATE TABLE one (id int);")
SECOND = Migration("20260102000000_\u00df", "-- \ud55c\uae00".encode())
NAMES = ("shop {n}", "vault_{n}", "a'b{n}", "x;-- {n}", 'a"b.-{n}', "back\\slash {n}", "percent % = {n}")
ENCODINGS = {
    "ENCODING UTF8 LOCALE 'en_US.utf8'": "utf-8",
    "ENCODING UTF8 LOCALE 'C'": "utf-8",
    "ENCODING UTF8 LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'ko-KR'": "utf-8",
    "ENCODING LATIN1 LOCALE 'C'": "latin-1",
    "ENCODING EUC_KR LOCALE 'C'": "euc_kr",
}
BUILTIN, BUILTIN_SINCE = "ENCODING UTF8 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'", 17
OF_VALUES = ("22",)  # of a default, in an encoding that lacks its characters
MAY_BE_REFUSED = ("22", "23", "42", "0A", "55", "2B")  # what does not fit what the dice made before


@dataclass(frozen=True)
class RandomDatabase:
    """What a seed makes: the statements in order, and the objects a migration may change.

    `codec` is Python's name of the encoding: no statement has characters that the database cannot hold.
    """

    name: str
    create: str
    codec: str
    role: str
    about: tuple[str, ...]
    tables: tuple[Table, ...]
    objects: tuple[Made, ...]
    scripts: tuple[str, ...]

    def fitting(self, sql: str) -> str:
        """The statement without characters that the database's encoding lacks."""
        return sql.encode(self.codec, "ignore").decode(self.codec)


def random_database(dice: Dice, number: int, major: int) -> RandomDatabase:
    """A database whose name carries `number`, so that several stand side by side."""
    encodings = {**ENCODINGS, BUILTIN: "utf-8"} if major >= BUILTIN_SINCE else ENCODINGS
    name, role, place = (
        quoted(dice.choice(NAMES).format(n=number)),
        quoted(f"app's {number}"),
        dice.choice([*encodings]),
    )
    tables: list[Table] = []
    for at in range(dice.randint(1, 4)):
        tables.append(any_table(dice, at, tables, major))
    names = [table.name for table in tables]
    objects = any_objects(dice, names, role)
    others = [filled(dice, text, "", dice.choice(names), role) for text in dice.some(OTHERS, 8)]
    settings = [f"ALTER DATABASE {name} SET {text}" for text in dice.some(SETTINGS, 4)]
    about = [filled(dice, text, "", "", role).replace("<d>", name) for text in dice.some(ABOUT, 4)]
    first = [
        filled(dice, BEFORE_TABLES, "", "", role),
        *(f"CREATE EXTENSION {one}" for one in dice.some(EXTENSIONS, 3)),
    ]
    scripts = [*first, *_of_tables(tables), *(made.create for made in objects), *others]
    return RandomDatabase(
        name, f"CREATE DATABASE {name} TEMPLATE template0 {place}", encodings[place], role,
        (*about, *settings), tuple(tables), tuple(objects), tuple(scripts),
    )  # fmt: skip


@contextmanager
def standing(server: PostgreSQL, database: RandomDatabase) -> Iterator[DatabaseAddress]:
    """The database on this server for the time of the context."""
    drop = f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)"
    server.execute(drop)
    server.execute(database.create)
    server.execute(f"CREATE ROLE {database.role} LOGIN PASSWORD 'p'")
    try:
        address = server.address(database.name[1:-1].replace('""', '"'))
        _build(address, database)
        yield address
    finally:
        server.execute(drop)
        server.execute(f"DROP ROLE IF EXISTS {database.role}")


def _build(address: DatabaseAddress, database: RandomDatabase) -> None:
    with connect(address) as connection:
        first, *others = database.scripts
        run_script(connection, database.fitting(first))
        tables = {table.create for table in database.tables}
        for script in others:
            attempt(connection, database.fitting(script), OF_VALUES if script in tables else MAY_BE_REFUSED)
        create_history(connection, address.schema)
        for migration in (FIRST, SECOND):
            record_success(connection, record_start(connection, migration))
        for script in database.about:
            run_script(connection, database.fitting(script))


def attempt(connection: "Server", script: str, refusals: tuple[str, ...]) -> None:
    """Runs a script as a whole; what the dice threw may not fit together, and the server then refuses it."""
    try:
        run_script(connection, script)
    except ServerError as error:
        if not error.code.startswith(refusals):
            raise


def major_of(server: PostgreSQL) -> int:
    """The server's major version."""
    with connect(server.address()) as connection:
        return int(value_of(connection, "SHOW server_version_num")) // 10000


def _of_tables(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        yield from (table.create, *table.extras)
    for table in tables:
        yield from table.rows
