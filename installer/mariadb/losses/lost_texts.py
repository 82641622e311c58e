"""Finds texts that lose blanks, bytes that are padded, and values that become another list entry."""

from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.text_misfits import choices_of, forgives_blanks, text, too_long
from installer.mariadb.offenders.type_families import BYTES, FITS, INTEGERS, TEXTS, UNKNOWN, Misfit

UNICODE = ("utf8", "utf8mb3", "utf8mb4", "ascii")  # their bytes stand for the same letters


def among_texts(old: Column, new: Column, value: str) -> Misfit:
    """Returns the condition for texts that lose trailing blanks or are padded.

    Trailing blanks are cut where the new type keeps none, or where only they are too long.
    """
    if new.kind == "binary":
        return Misfit(f"OCTET_LENGTH({value}) < {new.octets}")
    if new.kind in BYTES and old.charset and old.charset not in UNICODE:
        return Misfit(f"BINARY CONVERT({value} USING utf8mb4) <> BINARY {value}")
    if new.kind == "char":
        return FITS if old.kind in ("char", "enum", "set") else Misfit(f"{value} LIKE '% '")
    if new.kind not in TEXTS or old.kind not in TEXTS or not forgives_blanks(old, new):
        return FITS
    return Misfit(too_long(old, new, value))


def into_choice(old: Column, new: Column, value: str) -> Misfit:
    """Returns the condition for values that become another entry of an ENUM or SET.

    A number is taken as a position in the list, a text as the entry that is equal by collation.
    """
    offered = choices_of(new)
    if old.kind in INTEGERS and new.kind == "enum":
        listed = ", ".join(map(text, offered))
        return Misfit(f"NOT (CONCAT({value}) <=> ELT({value}, {listed})) AND {value} IS NOT NULL")
    if old.kind in INTEGERS:
        return Misfit(f"{value} IS NOT NULL")
    if old.kind == new.kind and set(choices_of(old)) <= set(offered):
        return FITS
    if new.kind == "set":
        return _into_set(old, offered)
    if old.kind not in ("enum", *TEXTS):
        return UNKNOWN
    exact = ", ".join(f"BINARY {text(one)}" for one in offered)
    condition = f"BINARY CONVERT({value} USING utf8mb4) NOT IN ({exact})"
    return Misfit(f"{value} + 0 <> 0 AND {condition}" if old.kind == "enum" else condition)


def _into_set(old: Column, offered: tuple[str, ...]) -> Misfit:
    """Judges a change of a SET's list: a removed entry fails, one in other letter case is not counted."""
    if old.kind != "set":
        return UNKNOWN
    gone = {choice.lower() for choice in choices_of(old) if choice not in offered}
    return UNKNOWN if gone & {choice.lower() for choice in offered} else FITS
