"""Columns of every type of PostgreSQL, each with a way to throw values for it."""

from collections.abc import Callable
from dataclasses import dataclass

from installer.postgresql.server.queries import literal, quoted
from tests.randomised.dice import Dice

Throw = Callable[[Dice], str]


@dataclass(frozen=True)
class Column:
    """One column: what stands behind its name in CREATE TABLE, and a throw of literals for it."""

    name: str
    type: str
    definition: str
    value: Throw

    @property
    def can_be_sorted(self) -> bool:
        """Whether an index with an order can be made of it."""
        return not self.type.startswith(WITHOUT_ORDER)


def one_of(*texts: str) -> Throw:
    """One of these texts as a literal."""
    return lambda dice: literal(dice.choice(texts))


def whole(low: int, high: int) -> Throw:
    """Numbers between two ends, often the ends themselves."""
    return lambda dice: str(dice.choice((low, high, dice.randint(low, high))))


def any_text(dice: Dice) -> str:
    """Odd text of at most nine characters."""
    return literal(dice.text()[:9])


def any_long_text(dice: Dice) -> str:
    """Odd text, now and then so long that it is kept apart from its row."""
    return literal((dice.text() + dice.text()) * (2000 if dice.happens(0.1) else 1))


def any_bytes(dice: Dice) -> str:
    """Odd bytes."""
    return f"'\\x{dice.bytes().hex()}'"


def any_uuid(dice: Dice) -> str:
    """A UUID of this throw, not of this moment."""
    return f"'{dice.getrandbits(128):032x}'"


def any_texts(dice: Dice) -> str:
    """A list of odd texts and NULLs."""
    texts = [dice.choice((any_text(dice), "NULL")) for _ in range(dice.randint(0, 3))]
    return f"ARRAY[{', '.join(texts)}]::text[]"


BUILT_IN: dict[str, Throw] = {
    "smallint": whole(-(2**15), 2**15 - 1),
    "integer": whole(-(2**31), 2**31 - 1),
    "bigint": whole(-(2**63) + 1, 2**63 - 1),
    "numeric": one_of("-1e-30", "0", "0.000", "1" * 40 + "." + "3" * 30, "NaN", "Infinity"),
    "numeric(30,10)": one_of("12345678901234567890.1234567891", "-0.0000000001"),
    "real": one_of("16777217", "0.1", "-1e-30", "3.4e38", "-0", "NaN"),
    "double precision": one_of("1e308", "5e-324", "-0", "0.1", "9007199254740993", "-Infinity", "NaN"),
    "money": one_of("-92233720368547758.08", "0.01"),
    "boolean": one_of("t", "f"),
    '"char"': one_of("a", "", "'"),
    "char(9)": any_text,
    "varchar(40)": any_text,
    "name": any_text,
    "text": any_long_text,
    'text COLLATE "C"': any_text,
    "bytea": any_bytes,
    "date": one_of("0044-03-15 BC", "infinity", "2024-02-29", "5874897-12-31"),
    "timestamp(3)": one_of("2024-02-29 23:59:59.999", "-infinity", "4713-01-01 00:00:00 BC"),
    "timestamptz": one_of("2024-03-31 02:30:00.123456+09", "infinity", "1900-01-01 00:00:00+08:27:52"),
    "time": one_of("24:00:00", "00:00:00.000001"),
    "timetz": one_of("12:00:00-15:59", "23:59:59.999999+9"),
    "interval": one_of("-1 year 3 days -00:00:00.000001", "178000000 years", "1 mon -1 day"),
    "uuid": any_uuid,
    "json": one_of('{"b": 1,  "a": 1, "a": 2}', "null", '"\\u00e9 \\n"'),
    "jsonb": one_of('{"b": 1.50, "a": [null, {}]}', "null", '"\\u00e9 \\n"'),
    "xml": one_of("<a b='&lt;'>x</a>", "just text", "<?x y?><a/>"),
    "bit(9)": one_of("101010101", "000000000"),
    "varbit": one_of("", "1", "0001"),
    "inet": one_of("::1/64", "192.168.1.5/24"),
    "cidr": one_of("10.0.0.0/8", "2001:db8::/32"),
    "macaddr": one_of("08:00:2b:01:02:03"),
    "macaddr8": one_of("08:00:2b:01:02:03:04:05"),
    "point": one_of("(1,2)", "(-0.1,1e-9)"),
    "line": one_of("{1,2,3}"),
    "box": one_of("(1,2),(0.1,0)"),
    "path": one_of("[(0,0),(1,1)]", "((0,0),(1,1))"),
    "polygon": one_of("((0,0),(1,1),(1,0))"),
    "circle": one_of("<(0,0),0.1>"),
    "tsvector": one_of("'a b':1A,2 c", ""),
    "tsquery": one_of("'a b' & !c:*", "a <2> b"),
    "int4range": one_of("[1,5)", "empty", "(,)"),
    "numrange": one_of("(1.50,2]", "[,0]"),
    "tstzrange": one_of('["2024-01-01 00:00+00",infinity)'),
    "int4multirange": one_of("{[1,5),[9,)}", "{}"),
    "oid": whole(0, 2**32 - 1),
    "regtype": one_of("integer", "text[]"),
    "pg_lsn": one_of("16/B374D848"),
    "xid8": one_of("18446744073709551615"),
    "jsonpath": one_of('$."a"[*]?(@ > 1)'),
    "integer[]": one_of("{}", "{1,NULL,-3}", "[2:3]={7,8}", "{{1,2},{3,4}}"),
    "text[]": any_texts,
}
MADE: dict[str, Throw] = {  # of the types in `objects.TYPES`
    "mood": one_of("sad", "it's; ok", "한"),
    "mood[]": one_of('{sad,"한"}', "{}"),
    "positive": whole(1, 10**6),
    "spot": one_of('(1,"a, ""b""")', "(,)"),
    "spot[]": one_of('{"(1,x)","(,)"}'),
    "span": one_of("[a,b)", "empty"),
    "ids.code": one_of("A1", "Z9"),
}
TYPES = {**BUILT_IN, **MADE}
WITHOUT_ORDER = (
    "json", "xml", "point", "line", "box", "path", "polygon", "circle", "text[]", "text", "spot",
        "jsonpath", "name",
)  # fmt: skip
MORE = ("", "", "", " NOT NULL DEFAULT {value}", " DEFAULT {value}", " CHECK ({name} IS NOT NULL OR true)")


def any_column(dice: Dice, number: int) -> Column:
    """A column of any type with or without a default and a check."""
    name, kind = dice.name(f"c{number}"), dice.choice(tuple(TYPES))
    throw, more = TYPES[kind], dice.choice(MORE)
    value = more and f"{throw(dice)}::{kind.partition(' COLLATE')[0]}"
    definition = f"{quoted(name)} {kind}{more.format(value=value, name=quoted(name))}"
    return Column(name, kind, definition, lambda dice: _null_or(dice, throw, definition))


def _null_or(dice: Dice, throw: Throw, definition: str) -> str:
    return "DEFAULT" if dice.happens(0.2) else throw(dice)
