"""Reads the columns and constraints of tables from information_schema: what they require of rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import rows_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

COLUMNS = """SELECT table_name, column_name, data_type, column_type, is_nullable = 'YES', column_default,
    character_maximum_length, character_octet_length, character_set_name, collation_name,
    numeric_precision, numeric_scale, generation_expression, extra LIKE '%auto_increment%%',
    extra LIKE 'STORED%%'
    FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"""
UNIQUES = """SELECT table_name, index_name, column_name, sub_part
    FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0
    ORDER BY table_name, index_name, seq_in_index"""
FOREIGN_KEYS = """SELECT table_name, constraint_name, referenced_table_name,
    column_name, referenced_column_name
    FROM information_schema.key_column_usage
    WHERE table_schema = DATABASE() AND referenced_table_schema = DATABASE()
    ORDER BY table_name, constraint_name, ordinal_position"""
CHECKS = """SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints
    WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name"""
CHECKS_ON_MYSQL = """SELECT table_name, constraint_name, check_clause
    FROM information_schema.check_constraints JOIN information_schema.table_constraints
    USING (constraint_schema, constraint_name)
    WHERE constraint_schema = DATABASE() AND enforced = 'YES' ORDER BY table_name, constraint_name"""


@dataclass(frozen=True)
class Column:
    """Describes a column as information_schema does; `kind` is the type's bare name, `type` all of it."""

    table: str
    name: str
    kind: str
    type: str
    is_nullable: bool
    default: str | None
    characters: int | None
    octets: int | None
    charset: str | None
    collation: str | None
    precision: int | None
    scale: int | None
    expression: str | None
    is_counter: bool
    is_stored: bool = False

    @property
    def is_unsigned(self) -> bool:
        """Returns whether the column holds no negative number."""
        return "unsigned" in self.type


@dataclass(frozen=True)
class Unique:
    """Describes a unique index or primary key: its columns, each with the length of its prefix or None."""

    table: str
    name: str
    parts: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class ForeignKey:
    """Describes a foreign key; `pairs` are the columns in the table and in its parent."""

    table: str
    name: str
    parent: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Check:
    """Describes a CHECK of a table or a column, its clause as the server prints it."""

    table: str
    name: str
    clause: str


@dataclass(frozen=True)
class Shape:
    """Holds the requirements of one schema's tables; columns by table, and by name in lower case."""

    columns: dict[str, dict[str, Column]]
    uniques: tuple[Unique, ...]
    foreign_keys: tuple[ForeignKey, ...]
    checks: tuple[Check, ...]


def read_shape(connection: "Server") -> Shape:
    """Returns the shape of the connected schema."""
    columns = [_column(*row) for row in rows_of(connection, COLUMNS)]
    checks = CHECKS_ON_MYSQL if is_mysql(connection) else CHECKS
    return Shape(
        columns={
            table: {column.name.lower(): column for column in group}
            for table, group in groupby(columns, key=lambda column: column.table)
        },
        uniques=tuple(_uniques(rows_of(connection, UNIQUES))),
        foreign_keys=tuple(_foreign_keys(rows_of(connection, FOREIGN_KEYS))),
        checks=tuple(Check(*row) for row in rows_of(connection, checks)),
    )


def _column(*values: object) -> Column:
    table, name, kind, whole, is_nullable, default, *sizes, expression, is_counter, is_stored = values
    return Column(
        str(table), str(name), str(kind), str(whole), bool(is_nullable), _text(default),
        _number(sizes[0]), _number(sizes[1]), _text(sizes[2]), _text(sizes[3]),
        _number(sizes[4]), _number(sizes[5]), _text(expression), bool(is_counter),
        bool(is_stored),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _uniques(rows: Iterable[tuple[str, str, str, int | None]]) -> Iterable[Unique]:
    for (table, name), group in groupby(rows, key=lambda row: (row[0], row[1])):
        yield Unique(table, name, tuple((column, length) for _table, _name, column, length in group))


def _foreign_keys(rows: Iterable[tuple[str, ...]]) -> Iterable[ForeignKey]:
    for (table, name, parent), group in groupby(rows, key=lambda row: row[:3]):
        yield ForeignKey(table, name, parent, tuple((row[3], row[4]) for row in group))
