"""Knows what a change of a column's type means: a rewrite, a refusal, values that do not fit or change.

Measured on PostgreSQL 15, 17 and 18 (`tests/packager/lint/postgresql/`).
"""

from dataclasses import replace

from packager.lint.history.tables import Column

WHOLE = ("smallint", "integer", "bigint")
FLOATS = ("real", "double precision")
NUMBERS = (*WHOLE, "numeric", *FLOATS)
TEXTS = ("char", "varchar", "text")
OF_LENGTH = (*TEXTS, "bit", "varbit")
TIMES = ("timestamp", "timestamptz", "time", "timetz")
DATES = ("date", "timestamp", "timestamptz")
DOCUMENTS = ("json", "jsonb")
BUILT_IN = (
    *NUMBERS, *TEXTS, *TIMES, *DOCUMENTS, "date", "interval", "boolean", "uuid", "bytea", "bit", "varbit",
    "inet", "cidr", "xml", "money",
)  # fmt: skip
EXACT_FLOAT = {"real": ("smallint",), "double precision": ("smallint", "integer", "real")}
KEEPS_FILES = (  # of types without sizes, or with any: the bytes of a value are the same
    ("varchar", "text"), ("text", "varchar"), ("cidr", "inet"), ("bit", "varbit"),
)  # fmt: skip
WHOLLY_TAKEN = (("jsonb", "json"), ("cidr", "inet"), ("inet", "cidr"), ("bit", "varbit"))
AUTOMATIC = (  # casts in assignments, by kind
    (NUMBERS, NUMBERS), (TEXTS, TEXTS), (DATES, DATES), (DOCUMENTS, DOCUMENTS), (("bit", "varbit"),) * 2,
    (("inet", "cidr"),) * 2, (("timestamp", "timestamptz", "timetz", "interval"), ("time",)),
    (("time",), ("timetz", "interval")), (("timestamptz",), ("timetz",)), (("money",), ("numeric",)),
    (("integer", "bigint", "numeric"), ("money",)),
)  # fmt: skip
PLACES_OF_MONEY = 2
MOST_PLACES = 6  # of the fractions of a second
WHOLE_DIGITS = {"smallint": 5, "integer": 10, "bigint": 19}
EXACT_DIGITS = {"real": 6, "double precision": 15}  # that come back from a float as they were
MOST_DIGITS = {"real": 38, "double precision": 308}  # before the point
LONGEST = {
    "smallint": 6, "integer": 11, "bigint": 20, "real": 15, "double precision": 24, "boolean": 5, "uuid": 36,
    "date": 16, "time": 15,
}  # fmt: skip


def written_type(column: Column) -> str:
    """Returns the type as people write it: `VARCHAR(60)`, or `Role` for a type of the database."""
    inside = ", ".join(map(str, column.size))
    name = column.type.upper() if column.type.removesuffix("[]") in BUILT_IN else column.type
    return f"{name}({inside})" if inside else name


def is_same(was: Column, now: Column) -> bool:
    """Returns whether two columns have the same type."""
    return (was.type, was.size) == (now.type, now.size)


def is_rewritten(was: Column, now: Column) -> bool:
    """Returns whether the server writes the table and its indexes anew."""
    if (was.type, now.type) in KEEPS_FILES:
        return bool(now.size)
    if was.type != now.type:
        return True
    if now.type in (*TIMES, "interval"):
        return _places(now) < _places(was)
    if now.type in ("varchar", "varbit"):
        return bool(now.size) and (not was.size or now.size < was.size)
    if now.type == "numeric":
        return bool(now.size) and not _holds_digits(was, now, same_scale=True)
    return not is_same(was, now)


def is_automatic(was: Column, now: Column) -> bool:
    """Returns whether the server converts the type without USING; a type that is not known may be."""
    old, new = (column.type.removesuffix("[]") for column in (was, now))
    if was.type == now.type or now.type in TEXTS:
        return True
    if was.type.endswith("[]") != now.type.endswith("[]"):
        return False
    if new in TEXTS:
        return True
    is_known = old in BUILT_IN or new in BUILT_IN
    return not is_known or any(old in some and new in others for some, others in AUTOMATIC)


def fits_always(was: Column, now: Column) -> bool:
    """Returns whether every value of the old type is one of the new type, rounded or cut at most."""
    if was.type.endswith("[]") and now.type.endswith("[]"):
        return fits_always(_element(was), _element(now))
    if now.type in ("varchar", "text", "char") and not now.size:
        return True
    if now.type in ("varchar", "char"):
        return _fits_text(was, now)
    if was.type == now.type == "varbit":
        return bool(was.size) and was.size <= now.size
    if now.type == "numeric":
        return _fits_number(was, now)
    if was.type in WHOLE and now.type in WHOLE:
        return WHOLE.index(was.type) <= WHOLE.index(now.type)
    if now.type in FLOATS:
        is_small = was.type == "numeric" and was.size and was.size[0] - _scale(was) <= MOST_DIGITS[now.type]
        return was.type in (*WHOLE, "real", now.type) or bool(is_small)
    if now.type == "money":
        return was.type == "integer"
    if (was.type, now.type) in WHOLLY_TAKEN:
        return not now.size
    is_of_time = {was.type, now.type} <= {*DATES, *TIMES, "interval"}
    return is_of_time or is_same(was, now)


def lost_quietly(was: Column, now: Column) -> str:
    """Returns the code of what changes values without an error; empty if nothing does."""
    if is_rounded(was, now):
        return "AL150"
    if was.type in ("timestamp", "timestamptz") and now.type in ("date", "time", "timetz"):
        return "AL151"
    if (was.type, now.type) == ("interval", "time"):
        return "AL151"
    if now.type == "timestamptz" and was.type in ("date", "timestamp"):
        return "PG208"
    if (was.type, now.type) == ("timestamptz", "timestamp"):
        return "PG208"
    if (was.type, now.type) == ("inet", "cidr"):
        return "AL156"
    has_char = "char" in (was.type, now.type) and was.type != now.type
    return "AL154" if has_char and was.type in TEXTS and now.type in TEXTS else ""


def is_rounded(was: Column, now: Column) -> bool:
    """Returns whether numbers or times lose digits."""
    if now.type in WHOLE:
        return was.type in ("numeric", *FLOATS)
    if now.type in FLOATS:
        is_short = was.type == "numeric" and was.size and was.size[0] <= EXACT_DIGITS[now.type]
        return was.type in NUMBERS and not is_short and was.type not in (*EXACT_FLOAT[now.type], now.type)
    if now.type == "numeric":
        is_finer = was.type == "numeric" and bool(now.size) and (not was.size or _scale(now) < _scale(was))
        return was.type in FLOATS or is_finer
    if now.type == "money":
        return was.type == "numeric" and (not was.size or _scale(was) > PLACES_OF_MONEY)
    return now.type in TIMES and was.type in TIMES and _places(now) < _places(was)


def _element(column: Column) -> Column:
    """Returns the column with the type of the elements of its array."""
    return replace(column, type=column.type.removesuffix("[]"))


def _fits_text(was: Column, now: Column) -> bool:
    if was.type == "numeric" and was.size:
        return was.size[0] + len("-0.") <= now.size[0]
    longest = was.size[0] if was.type in OF_LENGTH and was.size else LONGEST.get(was.type, 0)
    return 0 < longest <= now.size[0]


def _fits_number(was: Column, now: Column) -> bool:
    if not now.size:
        return was.type in (*NUMBERS, "money")
    if was.type in WHOLE:
        return now.size[0] - _scale(now) >= WHOLE_DIGITS[was.type]
    return was.type == "numeric" and _holds_digits(was, now)


def _holds_digits(was: Column, now: Column, *, same_scale: bool = False) -> bool:
    if not was.size or (same_scale and _scale(was) != _scale(now)):
        return False
    return now.size[0] - _scale(now) >= was.size[0] - _scale(was)


def _scale(column: Column) -> int:
    return (*column.size, 0, 0)[1] if column.size[1:] else 0


def _places(column: Column) -> int:
    return column.size[0] if column.size else MOST_PLACES
