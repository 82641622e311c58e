"""Lists the codes of all findings, with their level, weights and message.

DS, MF, BC, CD and MY are codes of Atlas (https://atlasgo.io/lint/analyzers); AL and PG are Airlock's own. The
changes that block writes were measured on MariaDB 10.11 (`tests/packager/lint/test_blocking.py`).
"""

from installer.text import _
from packager.lint.catalogue.levels import Code
from packager.lint.catalogue.levels import code as _code
from packager.lint.catalogue.postgresql_codes import CODES_OF_POSTGRESQL
from packager.lint.catalogue.refusal_words import KEYS, MISSING, TAKEN

# fmt: off
CODES: dict[str, Code] = {
    "DS101": _code("error", lambda v: _(
        "Database {table} is dropped with all its data.", **v), "destroys"),
    "DS102": _code("error", lambda v: _("Table {table} is dropped with all its rows.", **v), "destroys"),
    "DS103": _code("error", lambda v: _(
        "Column {name} of {table} is dropped with all its values.", **v), "destroys"),
    "AL101": _code("error", lambda v: _(
        "All rows of {table}, or of some of its partitions, are deleted.", **v), "destroys"),
    "AL102": _code("warning", lambda v: _("Rows of {table} are deleted.", **v), "destroys"),
    "AL103": _code("notice", lambda v: _(
        "Rows of {table} are changed; the old values are lost.", **v), "changes"),
    "MF101": _code("warning", lambda v: _(
        "{name} of {table} becomes unique; this fails if rows have equal values.", **v), "may_fail"),
    "MF102": _code("warning", lambda v: _(
        "The index on {name} of {table} becomes unique; this fails if rows have equal values.", **v),
        "may_fail"),
    "MF103": _code("warning", lambda v: _(
        "{name} of {table} is NOT NULL without a default: MariaDB fills in {now}, MySQL refuses.", **v),
        "may_fail", "changes"),
    "MF104": _code("warning", lambda v: _(
        "{name} of {table} becomes NOT NULL; this fails if rows have NULL.", **v), "may_fail"),
    "MY101": _code("warning", lambda v: _(
        "{name} of {table} is NOT NULL without a default: existing rows get {now}.", **v), "changes"),
    "MY102": _code("warning", lambda v: _(
        "REFERENCES makes {name} of {table} a foreign key in MariaDB, "
        "but not in MySQL before 9.", **v)),
    "AL110": _code("warning", lambda v: _(
        "{name} of {table} must reference a row of {now}; this fails if referenced rows are missing.", **v),
        "may_fail"),
    "AL111": _code("warning", lambda v: _(
        "A CHECK condition is added to {table}; this fails if rows violate it.", **v),
        "may_fail", "blocks_writes"),
    "AL112": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; this fails if a value does not fit.", **v),
        "may_fail"),
    "AL113": _code("warning", lambda v: _(
        "The primary key of {table} becomes {now}; this fails if rows have equal values.", **v), "may_fail"),
    "AL114": _code("warning", lambda v: _(
        "The texts of {table} are converted to {now}; this fails if a text cannot be converted.", **v),
        "may_fail"),
    "AL120": _code("error", lambda v: _(
        "The server refuses this: foreign key {now} requires {name} of {table}.", **v), "may_fail"),
    "AL121": _code("error", lambda v: _(
        "MariaDB refuses this: {name} of {table} is part of the unique "
        "index {now}.", **v), "may_fail"),
    "AL122": _code("notice", lambda v: _("The index {now} of {table} loses its column {name}.", **v)),
    "AL123": _code("error", lambda v: TAKEN[str(v["now"])](v), "may_fail"),
    "AL124": _code("error", lambda v: MISSING[str(v["now"])](v), "may_fail"),
    "AL125": _code("error", lambda v: KEYS[str(v["now"])](v), "may_fail"),
    "AL126": _code("error", lambda v: _(
        "The server refuses this (error 1075): {name} of {table} is AUTO_INCREMENT, which is allowed "
        "for only one column, and only as the first of a key.", **v), "may_fail"),
    "AL127": _code("error", lambda v: _(
        "The server refuses this (error 1074): {name} of {table} becomes {now}; the maximum length is "
        "{was}.",
        **v), "may_fail"),
    "AL128": _code("error", lambda v: _(
        "The server refuses {was} for {name} of {table} (error {now}).", **v), "may_fail"),
    "AL129": _code("warning", lambda v: _(
        "MariaDB 10 refuses this (error 1273): it does not support collation {now}. 11.4 and newer "
        "support some of MySQL's.", **v), "may_fail"),
    "BC101": _code("warning", lambda v: _(
        "Table {table} is renamed to {now}; programs that use the old name fail.", **v), "changes"),
    "BC102": _code("warning", lambda v: _(
        "{name} of {table} is renamed to {now}; programs that use the old name fail.", **v), "changes"),
    "CD101": _code("notice", lambda v: _(
        "Foreign key {name} of {table} is dropped; its references are no longer checked.", **v), "changes"),
    "CD102": _code("notice", lambda v: _(
        "Condition {name} of {table} is dropped and no longer checked.", **v), "changes"),
    "CD103": _code("warning", lambda v: _(
        "The primary key of {table} is dropped; duplicate rows become possible.", **v), "changes"),
    "MY110": _code("warning", lambda v: _(
        "{name} of {table} no longer allows {now}; this fails if a row has it.", **v),
        "may_fail", "blocks_writes"),
    "MY111": _code("warning", lambda v: _(
        "The values of {name} of {table} are reordered; the table is copied.", **v), "blocks_writes"),
    "MY112": _code("warning", lambda v: _(
        "{now} is added to the values of {name} of {table}, but not at the end; the table is copied.", **v),
        "blocks_writes"),
    "MY113": _code("warning", lambda v: _(
        "{name} of {table} needs more bytes for this many values; the table is copied.", **v),
        "blocks_writes"),
    "MY130": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; the table is copied.", **v), "blocks_writes"),
    "MY131": _code("warning", lambda v: _(
        "A foreign key on {name} is added to {table}; the table is copied.", **v), "blocks_writes"),
    "MY132": _code("notice", lambda v: _(
        "A primary key is added to {table}; the table is rewritten.", **v)),
    "MY133": _code("warning", lambda v: _(
        "{table} is left without a primary key; the table is copied.", **v), "blocks_writes"),
    "MY134": _code("warning", lambda v: _(
        "A full-text index on {name} is added to {table}.", **v), "blocks_writes"),
    "MY135": _code("warning", lambda v: _(
        "A spatial index on {name} is added to {table}.", **v), "blocks_writes"),
    "MY136": _code("warning", lambda v: _(
        "The character set of {table} changes to {now}; the table is copied.", **v), "blocks_writes"),
    "MY137": _code("notice", lambda v: _(
        "The primary key of {table} is replaced; the table is rewritten.", **v)),
    "MY138": _code("warning", lambda v: _(
        "The storage engine of {table} changes to {now}; the table is copied.", **v), "blocks_writes"),
    "MY139": _code("warning", lambda v: _(
        "The partitions of {table} change; the table is copied.", **v), "blocks_writes"),
    "MY140": _code("warning", lambda v: _(
        "{name} of {table} is a stored generated column; the table is copied.", **v), "blocks_writes"),
    "MY141": _code("warning", lambda v: _(
        "{name} numbers the existing rows of {table}; the table is rewritten.", **v), "blocks_writes"),
    "MY142": _code("notice", lambda v: _(
        "{name} of {table} is not added as the last column; old servers copy the table.", **v)),
    "AL130": _code("warning", lambda v: _(
        "The default {now} of {name} of {table} is computed for each "
        "row; the table is copied.", **v), "blocks_writes"),
    "AL131": _code("notice", lambda v: _(
        "Rows are inserted into {table}; this fails if a key exists, a referenced row is missing, or a "
        "value does not fit.", **v), "may_fail"),
    "AL132": _code("notice", lambda v: _(
        "Rows of {table} are changed; this fails if a key exists, a referenced row is missing, or a "
        "value does not fit.", **v), "may_fail"),
    "AL133": _code("notice", lambda v: _(
        "Rows of {table} are deleted; this fails if rows of {now} reference them.", **v), "may_fail"),
    "AL134": _code("warning", lambda v: _(
        "{table} is filled by a query; this fails if a row does not fit.", **v), "may_fail"),
    "AL135": _code("warning", lambda v: _(
        "{name} of {table} is computed from other columns; this fails if a result does not fit.", **v),
        "may_fail"),
    "AL136": _code("warning", lambda v: _(
        "The expression of {name} of {table} changes: all its values change.", **v), "changes"),
    "AL137": _code("warning", lambda v: _(
        "{name} of {table} is a TIMESTAMP declared without NULL: before MariaDB 10.10 it becomes NOT "
        "NULL, and rows with NULL get the current time.", **v), "changes", "blocks_writes"),
    "AL138": _code("notice", lambda v: _(
        "The spelling of values of {name} of {table} changes: {now}", **v), "changes"),
    "AL139": _code("error", lambda v: _(
        "MariaDB refuses this (error 1907): {name} of {table} cannot become a virtual column, or stop being "
        "one.", **v), "may_fail"),
    "AL140": _code("error", lambda v: _(
        "DELIMITER is a command of the `mysql` program; the server refuses it (error 1064)."), "may_fail"),
    "AL141": _code("error", lambda v: _(
        "The script is empty; the server refuses it (error 1065). A "
        "comment is enough."), "may_fail"),
    "AL142": _code("error", lambda v: _(
        "The server refuses this (error 1064): the script begins with a byte order mark. Save it as UTF-8 "
        "without BOM."), "may_fail"),
    "AL143": _code("error", lambda v: _(
        "The server refuses this (error 1064): {now} is syntax of another server that MariaDB does not "
        "support.", **v),
        "may_fail"),
    "AL144": _code("notice", lambda v: _(
        "Rows of {table} with the same key are changed; their old values are lost.", **v), "changes"),
    "AL145": _code("warning", lambda v: _(
        "{name} of {table} loses its {now}: MODIFY and CHANGE keep only the attributes that they "
        "repeat.", **v),
        "changes"),
    "AL146": _code("warning", lambda v: _(
        "{name} of {table} becomes AUTO_INCREMENT: the table is copied, 0 is replaced by the next "
        "number, and this fails if a row has that number.", **v), "may_fail", "changes", "blocks_writes"),
    "AL147": _code("notice", lambda v: _(
        "{name} of {table} is narrowed; the {now} in line {was} changed all values that would not "
        "fit.", **v)),
    "AL148": _code("warning", lambda v: _(
        "{name} of {table} must reference a row of {now}, but foreign_key_checks is off: existing rows "
        "are not checked.", **v)),
    "AL149": _code("warning", lambda v: _(
        "{name} of {table} is now compared by {now}; this fails if unique texts become equal (error "
        "1062).", **v), "may_fail"),
    "AL150": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; values are rounded without an error.", **v),
        "changes"),
    "AL151": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; dates and times are truncated without an "
        "error.", **v), "changes"),
    "AL152": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; values become their positions in the list, or "
        "the reverse, without an error.", **v), "changes"),
    "AL153": _code("warning", lambda v: _(
        "{name} of {table} becomes NOT NULL; rows with NULL get the current time without an error.", **v),
        "changes", "blocks_writes"),
    "AL154": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; trailing blanks are removed without an error.", **v),
        "changes"),
    "AL155": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; values are padded with zero bytes without an "
        "error.", **v), "changes"),
    "AL156": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; values are converted to another kind without "
        "an error, such as '007' to 7.", **v), "changes"),
    "AL157": _code("warning", lambda v: _(
        "sql_mode is not strict: values of {table} that do not fit are "
        "changed without an error.", **v), "changes"),
    "AL158": _code("warning", lambda v: _(
        "IGNORE: rows of {table} that violate a unique key are deleted, and values that do not fit are "
        "changed, without an error.", **v),
        "destroys", "changes", "blocks_writes"),
    "AL159": _code("notice", lambda v: _(
        "IGNORE: rows that {table} refuses are skipped, and values that"
        " do not fit are changed, without an error.", **v), "changes"),
    "AL160": _code("warning", lambda v: _(
        "{now} is not reset. With Prisma it also applies to later migrations; Airlock runs each "
        "migration in its own session.", **v)),
    "AL161": _code("notice", lambda v: _(
        "{now} is not reset; with Prisma it also applies to later migrations.", **v)),
    "AL162": _code("warning", lambda v: _(
        "USE switches to database {now}; with Prisma, later migrations run there, too.", **v)),
    "AL163": _code("warning", lambda v: _(
        "LOCK TABLES is not followed by UNLOCK TABLES; with Prisma, later migrations cannot use other "
        "tables.")),
    "AL164": _code("warning", lambda v: _(
        "The transaction is not ended by COMMIT; with Prisma, its rows and the record of the migration "
        "can be lost.")),
    "AL165": _code("warning", lambda v: _(
        "SET GLOBAL changes the whole server for all applications until its next start: {now}", **v),
        "changes"),
    "AL166": _code("warning", lambda v: _(
        "{now} is not reset. With Prisma, the record of this migration may stay uncommitted, and the "
        "next deployment is then refused (P3009). Airlock keeps the record.", **v)),
    "AL170": _code("error", lambda v: _(
        "The server refuses this (error {now}): table {table} does not exist, only {was}. Table names "
        "are case-sensitive on Linux.", **v), "may_fail"),
    "AL171": _code("warning", lambda v: _(
        "{table} differs from {now} only in case: on Linux these are two tables.", **v)),
    "AL180": _code("notice", lambda v: _(
        "{table} is not known from earlier migrations; it is checked without its history.", **v)),
    "AL181": _code("warning", lambda v: _(
        "The previous definition of {name} of {table} is not known; the change to {now} is not "
        "checked.", **v)),
    "AL190": _code("warning", lambda v: _("Not understood and not checked; review it: {now}", **v)),
    "AL191": _code("warning", lambda v: _("This suppression matches no finding; remove it: {now}", **v)),
}
# fmt: on
CODES |= {f"MY12{digit}": CODES[f"MY11{digit}"] for digit in "0123"}  # the same for SET as for ENUM
CODES |= CODES_OF_POSTGRESQL
