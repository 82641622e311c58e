"""Reads the type of a column: one spelling for each, its numbers, and whether it is an array."""

from dataclasses import dataclass

from packager.lint.postgresql.reading.postgresql_words import relation
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

SPELLED = {
    "int": "integer", "int4": "integer", "int8": "bigint", "int2": "smallint", "decimal": "numeric",
    "dec": "numeric", "float8": "double precision", "float": "double precision", "float4": "real",
    "bool": "boolean", "character varying": "varchar", "char varying": "varchar", "character": "char",
    "bpchar": "char", "nchar": "char", "national character": "char", "national character varying": "varchar",
    "bit varying": "varbit", "timestamp with time zone": "timestamptz", "time with time zone": "timetz",
    "timestamp without time zone": "timestamp", "time without time zone": "time",
}  # fmt: skip
SERIALS = {
    "serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint",
    "smallserial": "smallint", "serial2": "smallint",
}  # fmt: skip
SECOND_WORDS = {"double": "PRECISION", "character": "VARYING", "char": "VARYING", "bit": "VARYING"}
LENGTH_ONE = ("char", "bit")  # without a length they have one place
FIELDS = "YEAR|MONTH|DAY|HOUR|MINUTE|SECOND|TO"


@dataclass(frozen=True)
class ColumnType:
    """A type in one spelling, such as `varchar` with size (60,); arrays end with `[]`."""

    name: str
    size: tuple[int, ...] = ()
    is_serial: bool = False


def read_type(words: Words) -> ColumnType:
    """Takes a type. Raises `NotSql`."""
    words.take("SETOF")
    name = _name(words)
    size = _size(words)
    if name in ("timestamp", "time") and words.sees("WITH|WITHOUT", "TIME", "ZONE"):
        name = f"{name} {'with' if words.sees('WITH') else 'without'} time zone"
        words.take("WITH|WITHOUT", "TIME", "ZONE")
    while name == "interval" and words.take(FIELDS):
        size = _size(words)
    spelled = SPELLED.get(name, SERIALS.get(name, name))
    if spelled in LENGTH_ONE and not size:
        size = (1,)
    return ColumnType(spelled + "[]" * _is_array(words), size, name in SERIALS)


def _name(words: Words) -> str:
    if words.take("NATIONAL"):
        words.take("CHARACTER|CHAR")
        return "national character varying" if words.take("VARYING") else "national character"
    name = relation(words)
    second = SECOND_WORDS.get(name)
    if second and words.take(second):
        return f"{name} {second.lower()}"
    return name.removeprefix("pg_catalog.")


def _size(words: Words) -> tuple[int, ...]:
    if not words.sees("("):
        return ()
    return tuple(int(part.rest) for part in words.inside().parts() if part.rest.isdecimal())


def _is_array(words: Words) -> bool:
    found = words.take("ARRAY")
    while words.take("["):
        found = True
        while words.rest and not words.take("]"):
            words.skip()
    return found


def required_type(words: Words) -> ColumnType:
    """Takes a type with nothing after it. Raises `NotSql`."""
    found = read_type(words)
    if words.rest:
        raise NotSql
    return found
