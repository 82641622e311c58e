"""Values before and after a change of type: the same where nothing was lost."""

import re
from decimal import Decimal

NUMBERS = ("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year")
MOMENTS = ("date", "datetime", "timestamp", "time")
FRACTION, MIDNIGHT = re.compile(r"(:\d\d)\.?0*$|(\.\d*[1-9])0+$"), " 00:00:00"
PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
NUMBER = re.compile(rf"{PLAIN_NUMBER.pattern}(e[-+]?\d+)?")
Value = None | str | Decimal | frozenset[str]


def value_of(kind: str, printed: str | bytes | None) -> Value:
    """A value of a column of this kind, as the server prints it."""
    if printed is None:
        return None
    text = printed.decode("utf-8", "surrogateescape") if isinstance(printed, bytes) else str(printed)
    if kind in NUMBERS:
        return Decimal(text)
    if kind == "set":
        return frozenset(text.split(","))
    return _moment(text) if kind in MOMENTS else text


def is_same(before: Value, after: Value) -> bool:
    """Whether two values mean the same: 1.50 and 1.5, a day and its midnight, '12' and 12, but not ' 12'."""
    if isinstance(before, str) and isinstance(after, str):
        return _moment(before) == _moment(after)
    if isinstance(before, str) and isinstance(after, Decimal):
        return PLAIN_NUMBER.fullmatch(before) is not None and Decimal(before) == after
    if isinstance(before, Decimal) and isinstance(after, str):
        return NUMBER.fullmatch(after) is not None and Decimal(after) == before
    if isinstance(before, frozenset) and isinstance(after, str):
        return frozenset(after.split(",")) == before
    if isinstance(before, str) and isinstance(after, frozenset):
        return frozenset(before.split(",")) == after
    return before == after


def _moment(text: str) -> str:
    return FRACTION.sub(r"\1\2", text).removesuffix(MIDNIGHT)
