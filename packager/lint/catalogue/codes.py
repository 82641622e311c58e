"""Lists the codes of all findings, with their level, weights and message.

DS, MF, BC, CD and MY are codes of Atlas (https://atlasgo.io/lint/analyzers); AL are Airlock's own. The
changes that block writes were measured on MariaDB 10.11 (`tests/packager/lint/test_blocking.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from installer.text import _
from packager.lint.catalogue.refusal_words import KEYS, MISSING, TAKEN, Values

Level = Literal["error", "warning", "notice"]
Weight = Literal["adds", "changes", "may_fail", "blocks_writes", "destroys"]
LEVELS: tuple[Level, ...] = ("error", "warning", "notice")
WEIGHTS: tuple[Weight, ...] = ("adds", "changes", "may_fail", "blocks_writes", "destroys")


@dataclass(frozen=True)
class Code:
    """A kind of finding. error: data is lost, or it cannot work; warning: it may fail, or has a cost."""

    level: Level
    weights: tuple[Weight, ...]
    words: Callable[[Values], str]


def _code(level: Level, words: Callable[[Values], str], *weights: Weight) -> Code:
    return Code(level, weights, words)


# fmt: off
CODES: dict[str, Code] = {
    "DS101": _code("error", lambda v: _(
        "The database {table} is dropped with all that is in it.", **v), "destroys"),
    "DS102": _code("error", lambda v: _("The table {table} is dropped with all its rows.", **v), "destroys"),
    "DS103": _code("error", lambda v: _(
        "The column {name} of {table} is dropped with all its values.", **v), "destroys"),
    "AL101": _code("error", lambda v: _(
        "All rows of {table}, or of a part of it, are removed.", **v), "destroys"),
    "AL102": _code("warning", lambda v: _("Rows of {table} are deleted.", **v), "destroys"),
    "AL103": _code("notice", lambda v: _(
        "Rows of {table} are changed; the old values are lost.", **v), "changes"),
    "MF101": _code("warning", lambda v: _(
        "No two rows of {table} may have equal {name} now; it fails if "
        "some have.", **v), "may_fail"),
    "MF102": _code("warning", lambda v: _(
        "The index over {name} of {table} becomes unique; it fails if "
        "rows are equal.", **v), "may_fail"),
    "MF103": _code("warning", lambda v: _(
        "{name} of {table} needs a value and has no default: MariaDB "
        "fills in {now}, MySQL refuses.", **v), "may_fail", "changes"),
    "MF104": _code("warning", lambda v: _(
        "{name} of {table} needs a value now; it fails if some rows "
        "have none.", **v), "may_fail"),
    "MY101": _code("warning", lambda v: _(
        "{name} of {table} needs a value and has no default: existing "
        "rows get {now}.", **v), "changes"),
    "MY102": _code("warning", lambda v: _(
        "REFERENCES makes {name} of {table} a foreign key in MariaDB, "
        "but not in MySQL before 9.", **v)),
    "AL110": _code("warning", lambda v: _(
        "{name} of {table} must point to a row of {now}; it fails if "
        "some point nowhere.", **v), "may_fail"),
    "AL111": _code("warning", lambda v: _(
        "Rows of {table} must meet a condition now; it fails if some do"
        " not.", **v), "may_fail", "blocks_writes"),
    "AL112": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; it fails if a "
        "value does not fit.", **v), "may_fail"),
    "AL113": _code("warning", lambda v: _(
        "The primary key of {table} becomes {now}; it fails if rows are"
        " equal.", **v), "may_fail"),
    "AL114": _code("warning", lambda v: _(
        "The texts of {table} are converted to {now}; it fails if one "
        "cannot be.", **v), "may_fail"),
    "AL120": _code("error", lambda v: _(
        "The server refuses this: {name} of {table} is needed by the "
        "foreign key {now}.", **v), "may_fail"),
    "AL121": _code("error", lambda v: _(
        "MariaDB refuses this: {name} of {table} is part of the unique "
        "index {now}.", **v), "may_fail"),
    "AL122": _code("notice", lambda v: _("The index {now} of {table} loses its column {name}.", **v)),
    "AL123": _code("error", lambda v: TAKEN[str(v["now"])](v), "may_fail"),
    "AL124": _code("error", lambda v: MISSING[str(v["now"])](v), "may_fail"),
    "AL125": _code("error", lambda v: KEYS[str(v["now"])](v), "may_fail"),
    "AL126": _code("error", lambda v: _(
        "The server refuses this (error 1075): {name} of {table} is AUTO_INCREMENT, which only one column "
        "can be, and only the first of a key.", **v), "may_fail"),
    "AL127": _code("error", lambda v: _(
        "The server refuses this (error 1074): {name} of {table} becomes {now}; {was} is the longest.",
        **v), "may_fail"),
    "AL128": _code("error", lambda v: _(
        "The server refuses {was} for {name} of {table} (error {now}).", **v), "may_fail"),
    "AL129": _code("warning", lambda v: _(
        "MariaDB 10 refuses this (error 1273): it does not know the collation {now}. 11.4 and newer know "
        "some of MySQL's.", **v), "may_fail"),
    "BC101": _code("warning", lambda v: _(
        "The table {table} is called {now} from now on; programs that "
        "use the old name fail.", **v), "changes"),
    "BC102": _code("warning", lambda v: _(
        "{name} of {table} is called {now} from now on; programs that "
        "use the old name fail.", **v), "changes"),
    "CD101": _code("notice", lambda v: _(
        "The foreign key {name} of {table} is dropped; nothing ties its"
        " rows any more.", **v), "changes"),
    "CD102": _code("notice", lambda v: _(
        "The condition {name} of {table} is dropped; nothing checks it "
        "any more.", **v), "changes"),
    "CD103": _code("warning", lambda v: _(
        "The primary key of {table} is dropped; rows can be equal from "
        "now on.", **v), "changes"),
    "MY110": _code("warning", lambda v: _(
        "{name} of {table} cannot be {now} any more; it fails if a row "
        "is.", **v), "may_fail", "blocks_writes"),
    "MY111": _code("warning", lambda v: _(
        "The values of {name} of {table} change their order; the table "
        "is copied.", **v), "blocks_writes"),
    "MY112": _code("warning", lambda v: _(
        "{now} is put among the values of {name} of {table}, not at the"
        " end; the table is copied.", **v), "blocks_writes"),
    "MY113": _code("warning", lambda v: _(
        "{name} of {table} needs more bytes for so many values; the "
        "table is copied.", **v), "blocks_writes"),
    "MY130": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; the table is "
        "copied.", **v), "blocks_writes"),
    "MY131": _code("warning", lambda v: _(
        "The foreign key over {name} is added to {table}; the table is "
        "copied.", **v), "blocks_writes"),
    "MY132": _code("notice", lambda v: _(
        "A primary key is added to {table}; the table is rewritten.", **v)),
    "MY133": _code("warning", lambda v: _(
        "{table} is left without a primary key; the table is copied.", **v), "blocks_writes"),
    "MY134": _code("warning", lambda v: _(
        "The full-text index over {name} is added to {table}.", **v), "blocks_writes"),
    "MY135": _code("warning", lambda v: _(
        "The spatial index over {name} is added to {table}.", **v), "blocks_writes"),
    "MY136": _code("warning", lambda v: _(
        "The character set of {table} becomes {now}; the table is "
        "copied.", **v), "blocks_writes"),
    "MY137": _code("notice", lambda v: _(
        "{table} gets another primary key; the table is rewritten.", **v)),
    "MY138": _code("warning", lambda v: _(
        "{table} moves to the engine {now}; the table is copied.", **v), "blocks_writes"),
    "MY139": _code("warning", lambda v: _(
        "{table} is divided into other partitions; the table is copied.", **v), "blocks_writes"),
    "MY140": _code("warning", lambda v: _(
        "{name} of {table} is computed and stored; the table is copied.", **v), "blocks_writes"),
    "MY141": _code("warning", lambda v: _(
        "{name} numbers the rows of {table}; the table is rewritten.", **v), "blocks_writes"),
    "MY142": _code("notice", lambda v: _(
        "{name} of {table} is not put at the end; old servers copy the "
        "table.", **v)),
    "AL130": _code("warning", lambda v: _(
        "The default {now} of {name} of {table} is computed for each "
        "row; the table is copied.", **v), "blocks_writes"),
    "AL131": _code("notice", lambda v: _(
        "Rows are added to {table}; it fails if a key is taken, a referenced row is missing, or a value "
        "does not fit.", **v), "may_fail"),
    "AL132": _code("notice", lambda v: _(
        "Rows of {table} are changed; it fails if a key is taken, a referenced row is missing, or a value "
        "does not fit.", **v), "may_fail"),
    "AL133": _code("notice", lambda v: _(
        "Rows of {table} are deleted; it fails if rows of {now} refer to one.", **v), "may_fail"),
    "AL134": _code("warning", lambda v: _(
        "{table} is filled by a query; it fails if a row does not fit.", **v), "may_fail"),
    "AL135": _code("warning", lambda v: _(
        "{name} of {table} is computed from other columns; it fails if a result does not fit.", **v),
        "may_fail"),
    "AL136": _code("warning", lambda v: _(
        "{name} of {table} is computed by another expression now: all its values change.", **v), "changes"),
    "AL137": _code("warning", lambda v: _(
        "{name} of {table} is a TIMESTAMP that does not say NULL: before MariaDB 10.10 it becomes NOT NULL, "
        "and rows with NULL get the current time.", **v), "changes", "blocks_writes"),
    "AL138": _code("notice", lambda v: _(
        "Values of {name} of {table} are spelled otherwise now: {now}", **v), "changes"),
    "AL139": _code("error", lambda v: _(
        "MariaDB refuses this (error 1907): {name} of {table} cannot become a virtual column, or stop being "
        "one.", **v), "may_fail"),
    "AL140": _code("error", lambda v: _(
        "DELIMITER is a word of the `mysql` program; the server does "
        "not know it (error 1064)."), "may_fail"),
    "AL141": _code("error", lambda v: _(
        "The script is empty; the server refuses it (error 1065). A "
        "comment is enough."), "may_fail"),
    "AL142": _code("error", lambda v: _(
        "The server refuses this (error 1064): the script begins with a byte order mark. Save it as UTF-8 "
        "without BOM."), "may_fail"),
    "AL143": _code("error", lambda v: _(
        "The server refuses this (error 1064): MariaDB does not know {now} of another server.", **v),
        "may_fail"),
    "AL144": _code("notice", lambda v: _(
        "Rows of {table} with the same key are changed; their old values are lost.", **v), "changes"),
    "AL145": _code("warning", lambda v: _(
        "{name} of {table} loses its {now}: MODIFY and CHANGE keep only what they repeat.", **v),
        "changes"),
    "AL146": _code("warning", lambda v: _(
        "{name} of {table} becomes AUTO_INCREMENT: the table is copied, a 0 gets the next number, and it "
        "fails if a row has that.", **v), "may_fail", "changes", "blocks_writes"),
    "AL147": _code("notice", lambda v: _(
        "{name} of {table} is narrowed; the {now} in line {was} has changed all values that would not "
        "fit.", **v)),
    "AL148": _code("warning", lambda v: _(
        "{name} of {table} must point to a row of {now}, but foreign_key_checks is off: existing rows are "
        "not checked.", **v)),
    "AL149": _code("warning", lambda v: _(
        "{name} of {table} is compared by {now} from now on; it fails if unique texts are equal then "
        "(error 1062).", **v), "may_fail"),
    "AL150": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; values are "
        "rounded without an error.", **v), "changes"),
    "AL151": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; parts of dates "
        "and times are cut off without an error.", **v), "changes"),
    "AL152": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; each value becomes"
        " its position in the list, or the reverse, without an error.", **v), "changes"),
    "AL153": _code("warning", lambda v: _(
        "{name} of {table} needs a value now; rows with NULL get the "
        "current time without an error.", **v), "changes", "blocks_writes"),
    "AL154": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; blanks at the "
        "end are cut off without an error.", **v), "changes"),
    "AL155": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; values are "
        "padded with zero bytes without an error.", **v), "changes"),
    "AL156": _code("warning", lambda v: _(
        "{name} of {table} becomes {now}, it was {was}; values are read"
        " as another kind without an error, such as '007' as 7.", **v), "changes"),
    "AL157": _code("warning", lambda v: _(
        "sql_mode is not strict: values of {table} that do not fit are "
        "changed without an error.", **v), "changes"),
    "AL158": _code("warning", lambda v: _(
        "IGNORE: rows of {table} that break a unique key are deleted, "
        "and values that do not fit are changed, without an error.", **v),
        "destroys", "changes", "blocks_writes"),
    "AL159": _code("notice", lambda v: _(
        "IGNORE: rows that {table} refuses are skipped, and values that"
        " do not fit are changed, without an error.", **v), "changes"),
    "AL160": _code("warning", lambda v: _(
        "{now} is not set back. Under Prisma it also holds for the migrations that follow; Airlock gives "
        "each one a session of its own.", **v)),
    "AL161": _code("notice", lambda v: _(
        "{now} is not set back; under Prisma it also holds for the migrations that follow.", **v)),
    "AL162": _code("warning", lambda v: _(
        "USE leads to the database {now}; under Prisma the migrations that follow stay there.", **v)),
    "AL163": _code("warning", lambda v: _(
        "LOCK TABLES is not followed by UNLOCK TABLES; under Prisma the migrations that follow are "
        "refused other tables.")),
    "AL164": _code("warning", lambda v: _(
        "The transaction is not ended by COMMIT; under Prisma its rows and the record of the migration "
        "can be lost.")),
    "AL165": _code("warning", lambda v: _(
        "SET GLOBAL changes the whole server until its next start, for every other application too: "
        "{now}", **v), "changes"),
    "AL166": _code("warning", lambda v: _(
        "{now} is not reset. Under Prisma the record of this migration may stay uncommitted, and the next "
        "deployment is then refused (P3009). Airlock keeps the record.", **v)),
    "AL170": _code("error", lambda v: _(
        "The server refuses this (error {now}): there is no table {table}, only {was}. Upper and lower "
        "case differ on Linux.", **v), "may_fail"),
    "AL171": _code("warning", lambda v: _(
        "{table} differs only in case from {now}: on Linux these are two tables.", **v)),
    "AL180": _code("notice", lambda v: _(
        "{table} is not known from the migrations before; it is judged "
        "without its past.", **v)),
    "AL181": _code("warning", lambda v: _(
        "What {name} of {table} was before is not known; the change to "
        "{now} is not judged.", **v)),
    "AL190": _code("warning", lambda v: _("Not understood, so not judged; read it: {now}", **v)),
    "AL191": _code("warning", lambda v: _("This suppression fits no finding; take it out: {now}", **v)),
}
# fmt: on
CODES |= {f"MY12{digit}": CODES[f"MY11{digit}"] for digit in "0123"}  # of SET as of ENUM
