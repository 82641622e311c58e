"""Determines whether the values of one type fit into another, and whether the server copies the table for it.

Source of the latter: measured on MariaDB 10.11 (`tests/packager/lint/test_blocking.py`).
"""

from packager.lint.history.tables import Column, Table

INTEGERS = ("tinyint", "smallint", "mediumint", "int", "bigint")
TEXT_BYTES = {"tinytext": 2**8, "text": 2**16, "mediumtext": 2**24, "longtext": 2**32, "json": 2**32}
BLOB_BYTES = {"tinyblob": 2**8, "blob": 2**16, "mediumblob": 2**24, "longblob": 2**32}
CHARACTER_BYTES = {"utf8mb4": 4, "utf8mb3": 3, "utf8": 3, "ucs2": 2, "latin1": 1, "ascii": 1, "binary": 1}
WIDER_CHARSETS = {("ascii", "latin1"), ("utf8", "utf8mb4"), ("utf8mb3", "utf8mb4"), ("latin1", "utf8mb4")}
ONE_BYTE_LENGTH = 255
ALWAYS_ONE_BYTE = 127  # longer ones may already have two bytes for their length


def fits(was: Column, now: Column, charset: str | None) -> bool:
    """Returns whether every value of `was` certainly fits `now`; `charset` is the table's."""
    if is_same_type(was, now, charset):
        return True
    if now.is_unsigned and not was.is_unsigned:
        return False
    if was.type in INTEGERS and now.type in INTEGERS:
        return _fits_integer(was, now)
    if {was.type, now.type} <= {"decimal"}:
        return _fits_decimal(was, now)
    if {was.type, now.type} <= {*TEXT_BYTES, "varchar", "char"}:
        return _fits_text(was, now, charset)
    if now.type in ("char", "varchar", *TEXT_BYTES) and now.type != "json":
        longest = _longest_written(was)
        return longest is not None and longest <= _characters(now)
    if {was.type, now.type} <= {*BLOB_BYTES, "varbinary"} or was.type == now.type:
        return _capacity(was, None) <= _capacity(now, None)
    return was.type == "float" and now.type == "double" and not now.size


def is_copied(was: Column, now: Column, charset: str | None) -> bool:
    """Returns whether the type alone makes the server copy the table and block writes meanwhile."""
    if was.type == now.type and was.type in ("enum", "set"):
        return _charset(was, charset) != _charset(now, charset)  # changed values have their own findings
    if was.generated != now.generated:
        return True
    if is_same_type(was, now, charset):
        return False
    same_charset = _charset(was, charset) == _charset(now, charset)
    if was.type != now.type or was.type not in ("varchar", "varbinary") or not same_charset:
        return True
    before, after = _capacity(was, charset), _capacity(now, charset)
    return after < before or ALWAYS_ONE_BYTE < before <= ONE_BYTE_LENGTH < after


def is_same_type(was: Column, now: Column, charset: str | None) -> bool:
    """Returns whether the type is unchanged; the display width of an integer is ignored."""
    sizes = was.type in INTEGERS or was.size == now.size
    same = (was.type, was.is_unsigned, was.values) == (now.type, now.is_unsigned, now.values)
    is_text = was.type in ("varchar", "char", "enum", "set", *TEXT_BYTES)
    return same and sizes and (not is_text or _charset(was, charset) == _charset(now, charset))


def _fits_integer(was: Column, now: Column) -> bool:
    more = INTEGERS.index(now.type) - INTEGERS.index(was.type)
    return more > 0 or (more == 0 and was.is_unsigned == now.is_unsigned)


def _fits_decimal(was: Column, now: Column) -> bool:
    (digits, scale), (digits_now, scale_now) = _decimal(was), _decimal(now)
    sign = now.is_unsigned and not was.is_unsigned
    return not sign and scale_now >= scale and digits_now - scale_now >= digits - scale


def _decimal(column: Column) -> tuple[int, int]:
    digits, scale = (*column.size, 0, 0)[:2] if column.size else (10, 0)
    return digits, scale


def _fits_text(was: Column, now: Column, charset: str | None) -> bool:
    if now.type == "json" and was.type != "json":
        return False
    before, after = _charset(was, charset), _charset(now, charset)
    if before != after and (before, after) not in WIDER_CHARSETS:
        return False
    if was.size and now.size:
        return was.size[0] <= now.size[0]
    return _capacity(was, charset) <= _capacity(now, charset)


def _longest_written(column: Column) -> int | None:
    """Returns the most characters that a value needs as text; None if it may be rounded or padded."""
    if column.type in INTEGERS:
        digits = {"tinyint": 3, "smallint": 5, "mediumint": 8, "int": 10, "bigint": 20}[column.type]
        signed = digits - 1 if column.type in ("mediumint", "bigint") else digits
        return max(digits if column.is_unsigned else signed + 1, *column.size, 0)
    if column.type == "decimal":
        digits, scale = _decimal(column)
        return digits + (1 if scale else 0) + (1 if digits == scale else 0) + (not column.is_unsigned)
    if column.type == "enum":
        return max(map(len, column.values), default=0)
    if column.type == "set":
        return len(",".join(column.values))
    moments = {"date": 10, "time": 10, "datetime": 19, "timestamp": 19, "year": 4, "uuid": 36, "inet6": 39}
    fraction = column.size[0] + 1 if column.size and column.size[0] and column.type != "year" else 0
    return moments[column.type] + fraction if column.type in moments else None


def _characters(column: Column) -> int:
    """Returns the characters that certainly fit; values are ASCII, except ENUM and SET."""
    if column.type in ("char", "varchar"):
        return (column.size or (1,))[0]
    return TEXT_BYTES[column.type] // 4


def collation(column: Column, table: Table) -> str | None:
    """Returns the collation of a column, or the character set that implies it; None for the database's."""
    return column.collation or column.charset or table.collation or table.charset


def _capacity(column: Column, charset: str | None) -> int:
    """Returns the maximum bytes or digits of a value."""
    if column.type in ("char", "varchar"):
        return (column.size or (1,))[0] * CHARACTER_BYTES.get(_charset(column, charset) or "", 4)
    return {**TEXT_BYTES, **BLOB_BYTES}.get(column.type, (column.size or (1,))[0])


def _charset(column: Column, charset: str | None) -> str | None:
    return column.charset or charset
