"""Lists the codes that only PostgreSQL has; what is true of every server has one code for all.

PG101 to PG154 are about a script and its transaction, PG201 to PG129 about existing rows, from PG301 on about
locks. All were measured on PostgreSQL 15, 17 and 18 (`tests/packager/lint/postgresql/`).
"""

from installer.text import _
from packager.lint.catalogue.levels import Code
from packager.lint.catalogue.levels import code as _code

# fmt: off
CODES_OF_POSTGRESQL: dict[str, Code] = {
    "PG101": _code("warning", lambda v: _(
        "The server refuses {now} in a transaction (SQLSTATE 25001). Prisma before 7.4 sends the script as "
        "one; newer ones do if they cannot parse it. Airlock sends each statement alone: after a failure, "
        "earlier ones remain. Put it into its own migration.", **v), "may_fail"),
    "PG102": _code("error", lambda v: _(
        "The server refuses {now} between BEGIN and COMMIT (SQLSTATE 25001).", **v), "may_fail"),
    "PG103": _code("notice", lambda v: _(
        "If {now} fails, an INVALID index remains on {table}: drop it before the next attempt.", **v)),
    "PG104": _code("warning", lambda v: _(
        "{now} ends the transaction of the script: if a later statement fails, everything before it remains.",
        **v)),
    "PG105": _code("warning", lambda v: _(
        "The transaction is not ended by COMMIT: with Prisma, everything after BEGIN and the record of the "
        "migration are lost. Airlock commits it."), "changes"),
    "PG106": _code("warning", lambda v: _(
        "ROLLBACK undoes everything before it in its transaction; Prisma still records the migration as "
        "applied."), "changes"),
    "PG107": _code("warning", lambda v: _(
        "{now} needs a transaction. Prisma from 7.4 on sends each statement alone: it then has no effect, or "
        "is refused (SQLSTATE 25P01). Put it between BEGIN and COMMIT.", **v)),
    "PG108": _code("notice", lambda v: _(
        "No lock_timeout is set: while this waits for the lock on {table}, all others wait behind it. With "
        "Prisma, run first: SET lock_timeout = '5s'. Airlock sets its own.", **v)),
    "PG109": _code("error", lambda v: _(
        "The server refuses this (SQLSTATE 42601): the script begins with a byte order mark. Save it as "
        "UTF-8 without BOM."), "may_fail"),
    "PG110": _code("error", lambda v: _(
        "{now} is a command of the `psql` program; the server refuses it (SQLSTATE 42601).", **v),
        "may_fail"),
    "PG111": _code("error", lambda v: _(
        "COPY … FROM STDIN reads rows from the client; Prisma and Airlock send none. Use INSERT."),
        "may_fail"),
    "PG112": _code("warning", lambda v: _(
        "The name {now} has more than 63 bytes: the server truncates it to {was}.", **v)),
    "PG113": _code("error", lambda v: _(
        "The server refuses this (SQLSTATE 55P04): value {now} of {was} is used in the transaction that adds "
        "it. Use it in a later migration.", **v), "may_fail"),
    "PG114": _code("notice", lambda v: _(
        "Extension {now} is needed: the database's image must contain it.", **v)),
    "PG115": _code("warning", lambda v: _(
        "{now} changes the whole server, not only this database; a backup of the database does not contain "
        "it.", **v), "changes"),
    "PG116": _code("warning", lambda v: _(
        "PostgreSQL before 17 refuses this (SQLSTATE 55P04): value {now} is added to {was} and used in one "
        "transaction. Create the type with all its values.", **v), "may_fail"),
    "PG117": _code("error", lambda v: _(
        "The server refuses {now} outside of BEGIN and COMMIT (SQLSTATE 25P01).", **v), "may_fail"),
    "PG118": _code("warning", lambda v: _(
        "The project's Prisma {now} sends each statement alone, and so does Airlock: if one fails, earlier "
        "ones remain. Prisma before 7.4 undoes the whole script. Put it between BEGIN and COMMIT.", **v)),
    "PG119": _code("notice", lambda v: _(
        "With the project's Prisma {now}, and with Airlock, a failure undoes the whole script. From Prisma "
        "7.4 on, statements before the failed one remain, unless they are between BEGIN and COMMIT.", **v)),
    "PG151": _code("warning", lambda v: _(
        "Value {was} of {name} is renamed to {now}; programs that use the old value fail.", **v), "changes"),
    "PG152": _code("error", lambda v: _(
        "Schema {name} is dropped with all its tables and their rows.", **v), "destroys"),
    "PG153": _code("error", lambda v: _(
        "CASCADE also drops everything that depends on {name}: views, foreign keys, columns of a type.", **v),
        "destroys"),
    "PG154": _code("error", lambda v: _(
        "TRUNCATE … CASCADE also deletes all rows of {table}, which references {now}.", **v), "destroys"),
    "PG201": _code("warning", lambda v: _(
        "{name} of {table} is NOT NULL without a default; this fails if the table has rows.", **v),
        "may_fail"),
    "PG202": _code("warning", lambda v: _(
        "A CHECK condition is added to {table}: all rows are read while reads and writes wait, and it fails "
        "if a row violates it. Add it NOT VALID and validate it later.", **v), "may_fail", "blocks_reads"),
    "PG203": _code("warning", lambda v: _(
        "The primary key of {table} becomes {now}; this fails if rows have equal values or NULL.", **v),
        "may_fail"),
    "PG204": _code("warning", lambda v: _(
        "{name} of {table} no longer allows {now}; this fails if a row has it.", **v), "may_fail"),
    "PG205": _code("warning", lambda v: _(
        "An exclusion constraint is added to {table}; this fails if rows conflict.", **v), "may_fail"),
    "PG206": _code("warning", lambda v: _(
        "Constraint {name} of {table} is validated; this fails if a row violates it.", **v), "may_fail"),
    "PG207": _code("error", lambda v: _(
        "The server refuses this (SQLSTATE 42804): {name} of {table} cannot become {now} from {was} without "
        "USING.", **v), "may_fail"),
    "PG208": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}; its times are converted with the TimeZone of the "
        "session.", **v), "changes"),
    "PG209": _code("warning", lambda v: _(
        "All values of {name} of {table} are recomputed as {now}; this fails if a result does not fit.", **v),
        "may_fail", "changes"),
    "PG210": _code("warning", lambda v: _(
        "{name} of {table} is cast from {was} to {now}; values that are too long are cut off without an "
        "error.", **v), "changes"),
    "PG301": _code("warning", lambda v: _(
        "{name} of {table} changes from {was} to {now}: the table and its indexes are rewritten while reads "
        "and writes wait.", **v), "blocks_reads"),
    "PG302": _code("warning", lambda v: _(
        "The default {now} of {name} of {table} is computed for each row: the table is rewritten while reads "
        "and writes wait.", **v), "blocks_reads"),
    "PG303": _code("warning", lambda v: _(
        "{name} of {table} is a stored generated column: the table is rewritten while reads and writes wait.",
        **v), "blocks_reads"),
    "PG304": _code("warning", lambda v: _(
        "{name} numbers the existing rows of {table}: the table is rewritten while reads and writes wait.",
        **v), "blocks_reads"),
    "PG305": _code("warning", lambda v: _(
        "{now} rewrites the whole table while reads and writes wait.", **v), "blocks_reads"),
    "PG306": _code("warning", lambda v: _(
        "All rows of {table} are read while reads and writes wait. Validate a CHECK ({name} IS NOT NULL) "
        "before to avoid it.", **v), "blocks_reads"),
    "PG307": _code("warning", lambda v: _(
        "The index of a constraint on {name} of {table} is built while reads and writes wait. Create it "
        "CONCURRENTLY before, and add the constraint with USING INDEX.", **v), "blocks_reads"),
    "PG308": _code("warning", lambda v: _(
        "An index on {name} is added to {table}: writes wait until it is built.", **v), "blocks_writes"),
    "PG309": _code("warning", lambda v: _(
        "A foreign key on {name} is added to {table}: writes to it and to {now} wait until all rows are "
        "checked. Add it NOT VALID and validate it later.", **v), "blocks_writes"),
    "PG310": _code("warning", lambda v: _(
        "{now} blocks writes, and reads that use its indexes, until it ends.", **v), "blocks_writes"),
    "PG311": _code("warning", lambda v: _(
        "All rows of {table} are read while reads and writes wait.", **v), "blocks_reads"),
}
# fmt: on
