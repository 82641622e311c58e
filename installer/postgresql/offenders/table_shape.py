"""Reads what tables require of their rows: types, NOT NULL, unique indexes, foreign keys, checks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.postgresql.server.queries import rows_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

TABLES = "SELECT oid::int8, oid::regclass::text FROM pg_class WHERE oid = ANY ($1::oid[])"
OWN_TABLES = """SELECT oid::int8 FROM pg_class WHERE relkind IN ('r', 'p')
    AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'"""
COLUMNS = """SELECT attrelid::int8, attnum::int8, quote_ident(attname), attname,
    format_type(atttypid, atttypmod), atttypid::int8, attnotnull,
    atthasdef OR attidentity <> '' OR attgenerated <> ''
    FROM pg_attribute WHERE attrelid = ANY ($1::oid[]) AND attnum > 0 AND NOT attisdropped ORDER BY 1, 2"""
UNIQUES = """SELECT indrelid::int8, relname,
    ARRAY(SELECT pg_get_indexdef(indexrelid, n, true) FROM generate_series(1, indnkeyatts) AS n),
    coalesce(pg_get_expr(indpred, indrelid), ''),
    coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', '') = 'true',
    ARRAY(SELECT DISTINCT refobjsubid::int8 FROM pg_depend WHERE objid IN (indexrelid, con.oid)
        AND refobjid = indrelid AND refobjsubid > 0)
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = indexrelid
    LEFT JOIN pg_constraint AS con ON conindid = indexrelid AND contype IN ('p', 'u')
    WHERE indrelid = ANY ($1::oid[]) AND indisunique ORDER BY 2"""
CHECKS = """SELECT conrelid::int8, conname, pg_get_expr(conbin, conrelid), conkey::int8[]
    FROM pg_constraint WHERE conrelid = ANY ($1::oid[]) AND contype = 'c' ORDER BY 2"""
KEYS = """SELECT conrelid::int8, conname, conkey::int8[], confrelid::regclass::text,
    ARRAY(SELECT quote_ident(attname) FROM unnest(confkey) WITH ORDINALITY AS k (number, at)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = k.number ORDER BY k.at),
    confmatchtype::text = 'f'
    FROM pg_constraint WHERE conrelid = ANY ($1::oid[]) AND contype = 'f' ORDER BY 2"""
LABELS = """SELECT enumtypid::int8, array_agg(enumlabel::text ORDER BY enumsortorder)
    FROM pg_enum GROUP BY 1"""


@dataclass(frozen=True)
class Column:
    """Describes a column: its name as SQL and as it is, its type in words and by number."""

    sql: str
    name: str
    type: str
    type_number: int
    is_required: bool
    has_default: bool


@dataclass(frozen=True)
class Unique:
    """Describes a unique index: the expressions of its key, and the `condition` of rows in it, if any.

    `reads` are the numbers of the columns that it needs.
    """

    name: str
    key: tuple[str, ...]
    condition: str
    knows_nulls: bool
    reads: tuple[int, ...]


@dataclass(frozen=True)
class Check:
    """Describes a CHECK."""

    name: str
    expression: str
    reads: tuple[int, ...]


@dataclass(frozen=True)
class ForeignKey:
    """Describes a foreign key; `parent` and `parent_columns` are SQL."""

    name: str
    columns: tuple[int, ...]
    parent: str
    parent_columns: tuple[str, ...]
    is_full: bool


@dataclass(frozen=True)
class TableShape:
    """Holds what one table requires of its rows. `name` is SQL, `columns` are by their number."""

    name: str
    columns: dict[int, Column]
    uniques: tuple[Unique, ...]
    checks: tuple[Check, ...]
    foreign_keys: tuple[ForeignKey, ...]


def read_shapes(connection: "Server", tables: Collection[int]) -> dict[int, TableShape]:
    """Returns the shapes of these tables by number, which stays when a table gets another name."""
    wanted = "{" + ",".join(map(str, tables)) + "}"
    columns = {(row[0], row[1]): Column(*row[2:]) for row in rows_of(connection, COLUMNS, (wanted,))}
    uniques = [(row[0], _unique(*row[1:])) for row in rows_of(connection, UNIQUES, (wanted,))]
    checks = [(row[0], _check(*row[1:])) for row in rows_of(connection, CHECKS, (wanted,))]
    keys = [(row[0], _foreign_key(*row[1:])) for row in rows_of(connection, KEYS, (wanted,))]
    return {
        table: TableShape(
            name,
            {number: column for (of, number), column in columns.items() if of == table},
            tuple(unique for of, unique in uniques if of == table),
            tuple(check for of, check in checks if of == table),
            tuple(key for of, key in keys if of == table),
        )
        for table, name in rows_of(connection, TABLES, (wanted,))
    }


def _unique(name: str, key: list[str], condition: str, knows_nulls: bool, reads: list[int]) -> Unique:
    return Unique(name, tuple(key), condition, knows_nulls, tuple(reads))


def _check(name: str, expression: str, reads: list[int] | None) -> Check:
    return Check(name, expression, tuple(reads or ()))


def _foreign_key(
    name: str, columns: list[int], parent: str, parent_columns: list[str], is_full: bool
) -> ForeignKey:
    return ForeignKey(name, tuple(columns), parent, tuple(parent_columns), is_full)


def read_all_shapes(connection: "Server") -> dict[int, TableShape]:
    """Returns the shapes of all tables of the application."""
    return read_shapes(connection, [number for (number,) in rows_of(connection, OWN_TABLES)])


def read_labels(connection: "Server") -> dict[int, tuple[str, ...]]:
    """Returns the values of each enum by the number of the type."""
    return {number: tuple(labels) for number, labels in rows_of(connection, LABELS)}
