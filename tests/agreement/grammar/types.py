"""Columns that become another type, another collation, or lose their NULL."""

from collections.abc import Iterator
from itertools import product

T = "ALTER TABLE t "
NUMBERS = (
    *("TINYINT", "SMALLINT", "INT", "INT UNSIGNED", "BIGINT", "BIGINT UNSIGNED", "DECIMAL(12, 2)"),
    *("DECIMAL(20, 6)", "DECIMAL(10, 0)", "FLOAT", "DOUBLE", "BOOLEAN"),
)
TEXTS = (
    *("VARCHAR(5)", "VARCHAR(63)", "VARCHAR(64)", "VARCHAR(191)", "VARCHAR(500)", "CHAR(4)", "CHAR(100)"),
    *("TINYTEXT", "TEXT", "LONGTEXT", "VARBINARY(100)", "BLOB", "JSON"),
)
MOMENTS = ("DATE", "DATETIME", "DATETIME(6)", "TIMESTAMP NULL", "TIME", "TIME(6)", "YEAR")
CHOICES = (
    *("ENUM('new', 'old', '1', 'Zoë', 'more')", "ENUM('old', 'new', '1', 'Zoë')", "ENUM('new', 'old')"),
    *("ENUM('more', 'new', 'old', '1', 'Zoë')", "ENUM('new', 'old', '1', 'zoe')"),
    *("ENUM('NEW', 'old', '1', 'Zoë')", "SET('new', 'old', '1', 'Zoë')"),
)
SETS = (
    *("SET('x', 'y', 'z', 'w')", "SET('z', 'y', 'x')", "SET('x', 'y')", "SET('w', 'x', 'y', 'z')"),
    *("SET('x', 'y', 'z', '4', '5', '6', '7', '8', '9')", "ENUM('x', 'y', 'z')"),
)
NUMERIC_COLUMNS = ("tiny", "n", "u", "big", "price", "dbl", "flt")
TEXTUAL_COLUMNS = ("name", "wide", "code", "txt", "lat")
MOMENTARY_COLUMNS = ("day", "moment", "stamp", "clock", "yr")


def types() -> Iterator[str]:
    """Statements of this kind."""
    yield from (*_conversions(), *_nullability(), *_texts(), *_choices())


def _conversions() -> Iterator[str]:
    for column, type_ in product(NUMERIC_COLUMNS, NUMBERS):
        yield f"{T}MODIFY {column} {type_}"
    for column, type_ in product(TEXTUAL_COLUMNS, TEXTS):
        yield f"{T}MODIFY {column} {type_}"
    for column, type_ in product(MOMENTARY_COLUMNS, MOMENTS):
        yield f"{T}MODIFY {column} {type_}"
    crossed = (
        *product(
            ("digits",), ("INT", "DECIMAL(10, 2)", "DOUBLE", "DATE", "DATETIME", "TIME", "ENUM('12', '1.5')")
        ),
        *product(
            ("n", "price", "dbl", "kind", "moment", "day", "clock"), ("VARCHAR(12)", "VARCHAR(40)", "TEXT")
        ),
        *product(("kind", "flags"), ("INT", "TINYINT UNSIGNED", "VARCHAR(3)", "CHAR(10)")),
        *product(("bin",), ("VARBINARY(2)", "VARBINARY(300)", "BINARY(20)", "VARCHAR(20)", "BLOB", "INT")),
        *product(("doc",), ("TEXT", "LONGTEXT", "VARCHAR(100)", "VARCHAR(5)")),
        *product(("n", "price", "big"), ("DATE", "YEAR", "TIME", "ENUM('5', '300')")),
        *product(("moment", "day", "yr"), ("BIGINT", "INT", "DECIMAL(20, 3)")),
    )
    for column, type_ in crossed:
        yield f"{T}MODIFY {column} {type_}"


def _nullability() -> Iterator[str]:
    columns = {
        "tiny": "TINYINT", "n": "INT", "price": "DECIMAL(12, 4)", "name": "VARCHAR(40)", "txt": "TEXT",
        "kind": "ENUM('new', 'old', '1', 'Zoë')", "day": "DATE", "moment": "DATETIME(3)",
        "stamp": "TIMESTAMP(3)", "up": "INT", "ref": "INT", "tag": "VARCHAR(20) COLLATE utf8mb4_bin",
    }  # fmt: skip
    for column, type_ in columns.items():
        yield f"{T}MODIFY {column} {type_} NOT NULL"
        yield f"{T}CHANGE {column} {column} {type_} NOT NULL COMMENT 'x'"
    yield f"{T}MODIFY n INT NOT NULL DEFAULT 0"
    yield f"{T}MODIFY stamp TIMESTAMP(3)"
    yield f"{T}MODIFY stamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP"
    yield f"{T}MODIFY need VARCHAR(20) NULL"
    yield f"{T}MODIFY amount INT NULL"
    yield f"{T}MODIFY id INT NULL"


def _texts() -> Iterator[str]:
    collations = ("utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_unicode_520_ci", "utf8mb4_nopad_bin")
    for collation in collations:
        for column, type_ in (
            ("name", "VARCHAR(40)"),
            ("tag", "VARCHAR(20)"),
            ("txt", "TEXT"),
            ("code", "CHAR(10)"),
        ):
            yield f"{T}MODIFY {column} {type_} COLLATE {collation}"
    for charset in ("latin1", "utf8mb3", "ascii", "utf8mb4"):
        for column, type_ in (
            ("name", "VARCHAR(40)"),
            ("lat", "VARCHAR(40)"),
            ("txt", "TEXT"),
            ("need", "VARCHAR(20)"),
        ):
            yield f"{T}MODIFY {column} {type_} CHARACTER SET {charset}"
    yield f"{T}MODIFY lat VARCHAR(300) CHARACTER SET latin1"
    yield f"{T}MODIFY lat VARCHAR(3) CHARACTER SET latin1"
    yield f"{T}MODIFY name VARCHAR(40) BINARY"


def _choices() -> Iterator[str]:
    for type_ in CHOICES:
        yield f"{T}MODIFY kind {type_}"
    for type_ in SETS:
        yield f"{T}MODIFY flags {type_}"
    yield f"{T}MODIFY kind ENUM('new', 'old', '1', 'Zoë') CHARACTER SET latin1"
    yield f"{T}MODIFY kind ENUM('new', 'old', '1', 'Zoë') NOT NULL DEFAULT 'new'"
    yield f"{T}MODIFY digits SET('12', '1')"
