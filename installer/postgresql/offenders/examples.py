"""Names some of the rows that violate a statement by their primary keys."""

from typing import TYPE_CHECKING

from installer.bundle.layout import shown
from installer.database.values.rehearsal_result import Offender
from installer.postgresql.server.queries import literal, rows_of
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

PRIMARY_KEY = """SELECT quote_ident(attname) FROM pg_index
    CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS k (number, at)
    JOIN pg_attribute ON attrelid = indrelid AND attnum = k.number
    WHERE indisprimary AND indrelid = {}::regclass ORDER BY k.at"""
SHOWN = 3


def examples_of(connection: "Server", offender: Offender) -> tuple[str, ...]:
    """Returns one line with the first keys, as the server writes keys; none for a table without a key."""
    columns = [name for (name,) in rows_of(connection, PRIMARY_KEY.format(literal(offender.table)))]
    if not columns:
        return ()
    key = ", ".join(columns)
    asked = f"SELECT {key} FROM ({offender.select}) AS found ORDER BY {key} LIMIT {SHOWN}"
    keys = ", ".join(f"({', '.join(map(str, row))})" for row in rows_of(connection, asked))
    more = ", …" if offender.rows > SHOWN else ""
    return (_("Keys in `{table}`: ({key}) = {keys}", table=offender.table, key=key, keys=shown(keys) + more),)
