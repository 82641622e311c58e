"""Columns whose type changed are told, unless every value is kept."""

import pytest

from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement, SilentChange
from installer.postgresql.losses.changed_types import changed_types, keeps_values
from installer.postgresql.offenders.table_shape import Column, TableShape

ENUM = 99


def shape(type: str, number: int = 1) -> dict[int, TableShape]:
    return {7: TableShape("t", {1: Column("price", "price", type, number, False, False)}, (), (), ())}


def changes(old: str, new: str, using: str = "", number: int = 1) -> tuple[SilentChange, ...]:
    sql = f"ALTER TABLE t ALTER price TYPE {new}{using}"
    seen = RehearsedMigration("m", 1.0, (RehearsedStatement(1, 3, sql, None, 1.0, rewrites=True),))
    return changed_types(shape(old), shape(new, number), (ENUM,), (seen,))


@pytest.mark.parametrize(
    ("old", "new", "keeps"),
    [
        ("integer", "bigint", True),
        ("bigint", "smallint", True),
        ("integer", "numeric(10,0)", True),
        ("integer", "numeric(10,-2)", False),
        ("numeric(10,2)", "numeric(12,2)", True),
        ("numeric(10,2)", "numeric(10,1)", False),
        ("numeric(10,2)", "numeric", True),
        ("numeric(10,2)", "integer", False),
        ("character varying(9)", "character varying(20)", True),
        ("character varying(9)", "character varying(5)", False),
        ("character varying(9)", "text", True),
        ("character(9)", "text", False),
        ("text", "integer", False),
        ("timestamp(3) without time zone", "timestamp without time zone", True),
        ("timestamp without time zone", "timestamp(0) without time zone", False),
        ("timestamp without time zone", "timestamp with time zone", False),
        ("double precision", "real", False),
        ("real", "double precision", True),
    ],
)
def test_a_cast_keeps_values_or_may_change_them(old: str, new: str, keeps: bool) -> None:
    assert keeps_values(old, new) is keeps


def test_a_change_is_told_with_the_query_that_finds_its_rows() -> None:
    assert changes("numeric(10,2)", "integer") == (
        SilentChange(
            "m", 1, 3, "t", "price", None,
            "SELECT * FROM t WHERE price IS DISTINCT FROM price::integer::numeric(10,2)",
            "The number of rows of `t` that change their value in `price` without an error is not known:"
            " numeric(10,2) → integer.",
            fits_today=True,
        ),
    )  # fmt: skip


def test_an_expression_may_change_every_value() -> None:
    [change] = changes("integer", "bigint", " USING price * 100")
    assert (change.select, change.fits_today) == ("", False)


def test_what_keeps_every_value_is_not_told() -> None:
    assert changes("integer", "bigint") == changes("text", "kind", " USING price::kind", ENUM) == ()
