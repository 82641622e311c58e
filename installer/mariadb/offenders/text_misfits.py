"""Finds values that do not fit a text, an ENUM or a SET, as a condition in SQL."""

import re

from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.type_families import BLANKS, INTEGERS, SHORT_TEXTS, TEXTS, UNKNOWN, Misfit

ONE_BYTE_LENGTH = 255
CHOICE = re.compile(r"'((?:[^']|'')*)'")


def into_text(old: Column, new: Column, value: str) -> Misfit:
    if old.kind not in (*TEXTS, "enum", "set", *INTEGERS, "decimal"):
        return UNKNOWN
    bad = [too_long(old, new, f"RTRIM({value})" if forgives_blanks(old, new) else value)]
    if old.charset and old.charset != new.charset and new.charset != "utf8mb4":
        there_and_back = f"CONVERT(CONVERT({value} USING {new.charset}) USING {old.charset})"
        bad.append(f"BINARY {there_and_back} <> BINARY {value}")
    return Misfit(" OR ".join(filter(None, bad)))


def forgives_blanks(old: Column, new: Column) -> bool:
    """Returns whether trailing blanks are cut off without an error.

    Between two VARCHAR of one collation this happens only where the length no longer needs two bytes.
    """
    are_alike = (old.kind, new.kind) == ("varchar", "varchar") and old.collation == new.collation
    return not are_alike or (new.octets or 0) <= ONE_BYTE_LENGTH < (old.octets or 0)


def too_long(old: Column, new: Column, value: str) -> str:
    """Returns the condition for a text that is longer than the new type; empty where none can be."""
    if new.kind in SHORT_TEXTS:
        fits = old.charset and old.kind in SHORT_TEXTS and (old.characters or 0) <= (new.characters or 0)
        return "" if fits else f"CHAR_LENGTH({value}) > {new.characters}"
    widest = 4 * (old.characters or 0) if old.kind in (*SHORT_TEXTS, "enum", "set") else 4 * (old.octets or 0)
    if widest <= (new.octets or 0) or (old.charset == new.charset and (old.octets or 0) <= (new.octets or 0)):
        return ""
    return f"OCTET_LENGTH(CONVERT({value} USING {new.charset})) > {new.octets}"


def into_choice(old: Column, new: Column, value: str) -> Misfit:
    """Returns the condition for values outside the list; digits may be taken as an entry's number."""
    choices, offered = choices_of(old), choices_of(new)
    if (new.kind, old.kind) == ("set", "set"):
        gone = [choice for choice in choices if choice.lower() not in {one.lower() for one in offered}]
        is_clear = not any(choice.isdigit() for choice in gone)
        return (
            Misfit(" OR ".join(f"FIND_IN_SET({text(one)}, {value})" for one in gone)) if is_clear else UNKNOWN
        )
    if new.kind == "set" or old.kind not in ("enum", *TEXTS):
        return UNKNOWN
    converted = f"CONVERT({value} USING {new.charset}) COLLATE {new.collation}"
    foreign = f"{converted} NOT IN ({', '.join(map(text, offered))})"
    if old.kind == "enum":
        foreign = f"{value} + 0 <> 0 AND {foreign}"
    return Misfit(foreign, f"{foreign} AND {value} REGEXP '^{BLANKS}[0-9]'")


def choices_of(column: Column) -> tuple[str, ...]:
    """Returns the values of an ENUM or SET."""
    return tuple(choice.replace("''", "'").replace("\\\\", "\\") for choice in CHOICE.findall(column.type))


def text(value: str) -> str:
    """Returns a text as an SQL literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
