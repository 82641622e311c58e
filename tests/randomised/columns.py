"""Columns of every type, each with a way to throw values for it."""

from collections.abc import Callable
from dataclasses import dataclass

from installer.mariadb.server.queries import quoted
from tests.randomised.dice import Dice, hexadecimal, literal

Throw = Callable[[Dice], str]
KOREAN = "가나다 abc;'"  # euckr has no emoji
LATIN = "é ü ß \\ ' abc"


@dataclass(frozen=True)
class Column:
    """One column: what stands behind its name in CREATE TABLE, and a throw of literals for it."""

    name: str
    type: str
    definition: str
    value: Throw

    @property
    def is_text(self) -> bool:
        """Whether an index over words can be made of it."""
        return self.type.startswith(("VARCHAR", "TEXT", "CHAR"))

    @property
    def is_spatial(self) -> bool:
        """Whether it holds places, which no partition does."""
        return self.type in ("POINT", "GEOMETRY")

    @property
    def can_be_indexed(self) -> bool:
        """Whether an index needs no length."""
        return not self.type.startswith(("TEXT", "LONG", "MEDIUM", "JSON", "POINT", "GEOMETRY", "TINYBLOB"))


def whole(low: int, high: int) -> Throw:
    """Numbers between two ends, often the ends themselves."""
    return lambda dice: str(dice.choice((low, high, dice.randint(low, high))))


def one_of(*literals: str) -> Throw:
    """One of these literals."""
    return lambda dice: dice.choice(literals)


def part_of(alphabet: str) -> Throw:
    """Text of these characters."""
    return lambda dice: literal("".join(dice.choice(alphabet) for _ in range(dice.randint(0, 9))))


def any_text(dice: Dice) -> str:
    """Odd text, cut to nine characters."""
    return literal(dice.text()[:9])


def ascii_text(dice: Dice) -> str:
    """Odd text that every character set has."""
    return literal("".join(character for character in dice.text()[:9] if character.isascii()))


def any_long_text(dice: Dice) -> str:
    """Odd text as it is."""
    return literal(dice.text() + dice.text())


def any_bytes(dice: Dice) -> str:
    """Odd bytes."""
    return hexadecimal(dice.bytes())


def any_double(dice: Dice) -> str:
    """Doubles whose digits matter; now and then a negative zero."""
    return dice.choice(
        ("1e308", "5e-324", "-0e0", "0.1", "9007199254740993e0", repr(dice.uniform(-1e9, 1e9)))
    )


def any_uuid(dice: Dice) -> str:
    """A UUID of this throw, not of this moment."""
    return f"'{dice.getrandbits(128):032x}'"


TYPES: dict[str, Throw] = {
    "TINYINT": whole(-128, 127),
    "SMALLINT UNSIGNED ZEROFILL": whole(0, 65535),
    "INT": whole(-(2**31), 2**31 - 1),
    "BIGINT UNSIGNED": whole(0, 2**64 - 1),
    "BOOLEAN": one_of("TRUE", "FALSE"),
    "DECIMAL(65,30)": one_of("-1e-30", "0", "12345678901234567890.123456789012345678901234567891", "-99999"),
    "FLOAT": one_of("16777217", "0.1", "-1e-30", "3.4e38", "1.5"),
    "DOUBLE": any_double,
    "BIT(9)": one_of("b'0'", "b'101010101'", "NULL"),
    "DATE": one_of("'0000-00-00'", "'2024-02-29'", "'2023-00-10'", "'2023-02-31'", "'9999-12-31'"),
    "DATETIME(6)": one_of("'0000-00-00 00:00:00'", "'2024-02-29 23:59:59.999999'", "'1000-01-01 00:00:00'"),
    "TIMESTAMP(3) NULL": one_of(
        "'0000-00-00 00:00:00'", "'2024-03-31 02:30:00.123'", "'1970-01-01 00:00:01'"
    ),
    "TIME(6)": one_of("'-838:59:59.999999'", "'00:00:00.000001'", "'12:00:00'"),
    "YEAR": one_of("0", "1901", "2155"),
    "CHAR(9)": any_text,
    "VARCHAR(40)": any_text,
    "VARCHAR(40) COLLATE utf8mb4_bin": any_text,
    "VARCHAR(20) CHARACTER SET latin1": part_of(LATIN),
    "VARCHAR(20) CHARACTER SET euckr": part_of(KOREAN),
    "CHAR(10) CHARACTER SET ucs2": part_of(KOREAN),
    "VARCHAR(10) CHARACTER SET utf32": any_text,
    "VARCHAR(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin": part_of(KOREAN),
    "TEXT": any_long_text,
    "LONGTEXT": any_long_text,
    "TEXT COMPRESSED": any_text,
    "JSON": one_of("'null'", """'{"a":[1,2,"\\\\u00e9"]}'""", "'[]'"),
    "UUID": any_uuid,
    "INET6": one_of("'::1'", "'2001:db8::ff00:42:8329'"),
    "INET4": one_of("'0.0.0.0'", "'255.1.2.3'"),
    "BINARY(5)": any_bytes,
    "VARBINARY(40)": any_bytes,
    "TINYBLOB": any_bytes,
    "LONGBLOB": any_bytes,
    "POINT": one_of("POINT(1, 2)", "POINT(-0.1, 1e-9)"),
    "GEOMETRY": one_of("ST_GeomFromText('LINESTRING(0 0,1 1)')", "POINT(0, 0)"),
    "ENUM('a','it''s','한')": one_of("'a'", "'it''s'", "'한'", "0"),
    "SET('x','y z','한')": one_of("''", "'x,한'", "'y z'"),
}
TEXT_DEFAULTS = ("VARCHAR(40)", "CHAR(9)", "TEXT", "VARCHAR(10) CHARACTER SET utf32")
MOMENTS = ("DATETIME(6)", "TIMESTAMP(3) NULL")


def any_column(dice: Dice, number: int) -> Column:
    """A column of any type with default, comment and whether it is seen."""
    name, kind = dice.name(f"c{number}"), dice.choice(tuple(TYPES))
    throw = TYPES[kind]
    words = [quoted(name), kind, _default(dice, kind, throw)]
    words += ["INVISIBLE"] if dice.happens(0.1) else []
    words += [f"COMMENT {literal(dice.text())}"] if dice.happens(0.3) else []
    return Column(name, kind, " ".join(words), lambda dice: "NULL" if dice.happens(0.2) else throw(dice))


def _default(dice: Dice, kind: str, throw: Throw) -> str:
    if kind in MOMENTS and dice.happens(0.5):
        digits = 6 if "6" in kind else 3
        on_update = f" ON UPDATE CURRENT_TIMESTAMP({digits})" if dice.happens(0.5) else ""
        return f"DEFAULT CURRENT_TIMESTAMP({digits}){on_update}"
    if kind in TEXT_DEFAULTS and dice.happens(0.4):
        return (
            f"DEFAULT {ascii_text(dice)}" if dice.happens(0.5) else "DEFAULT (CONCAT('a', ';', UPPER('b')))"
        )
    return "DEFAULT NULL"
