"""Finds the values that do not fit into a new type, as an SQL condition.

Source: the casts of PostgreSQL: a cast that a statement does not name refuses to cut off characters, one that
it names cuts them off.
"""

import re
from collections.abc import Sequence

from installer.postgresql.offenders.table_shape import Column
from installer.postgresql.server.queries import literal

LIMITS = {"smallint": 15, "integer": 31, "bigint": 63}  # bits of the highest number
NUMBERS = re.compile(r"smallint|integer|bigint|numeric(\(.*\))?")
TEXTS = re.compile(r"text|character varying(\(\d+\))?|character\(\d+\)|bpchar")
PADDED = re.compile(r"character\(\d+\)|bpchar")
LENGTH = re.compile(r"character(?: varying)?\((\d+)\)")
PRECISION = re.compile(r"numeric\((\d+),(-?\d+)\)")


def misfit(old: Column, new: Column, labels: Sequence[str], *, named_cast: bool, can_try: bool) -> str | None:
    """Returns the condition that such values of the column `old` meet; None where it is not known.

    `labels` are the values of the new type if it is an enum. `named_cast`: the statement names the cast.
    `can_try`: the server has `pg_input_is_valid`.
    """
    value, length = old.sql, LENGTH.fullmatch(new.type)
    if PADDED.fullmatch(old.type) and not (length or NUMBERS.fullmatch(new.type)):
        return None  # its blanks are a part of the value or not: that depends on the types on the way
    if labels:
        return f"{value}::text NOT IN ({', '.join(map(literal, labels))})"
    if length is not None:
        cut = f"rtrim(substr({value}::text, {int(length[1]) + 1}), ' ') <> ''"
        return "false" if named_cast else cut
    if NUMBERS.fullmatch(old.type):
        return _number(old, new)
    if TEXTS.fullmatch(old.type) and can_try:
        return f"NOT pg_input_is_valid({value}, {literal(new.type)})"
    return None


def _number(old: Column, new: Column) -> str | None:
    """Returns the condition for a number whose new type is too small."""
    value = old.sql if not old.type.startswith("numeric") else f"round({old.sql})"
    if new.type in LIMITS:
        limit = 2 ** LIMITS[new.type]
        return f"{value} NOT BETWEEN {-limit} AND {limit - 1}"
    precision = PRECISION.fullmatch(new.type)
    if precision is None:
        return None
    digits, scale = int(precision[1]), int(precision[2])
    limit = 10 ** max(0, digits - scale)
    finite = f" AND {old.sql} <> 'NaN'" if old.type.startswith("numeric") else ""
    return f"abs(round({old.sql}::numeric, {scale})) >= {limit}{finite}" if digits >= scale else None
