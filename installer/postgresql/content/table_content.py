"""Reads the rows of a database's tables: their numbers and checksums, and the positions of sequences."""

from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING

from installer.database.values.picture import TableContent
from installer.postgresql.server.queries import literal, quoted, rows_of, value_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

LARGE_OBJECTS = "large objects"
OWN_SCHEMAS = "relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'"
OF_EXTENSION = """EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid
    AND deptype = 'e')"""
DUMPED_OF_EXTENSION = "c.oid = ANY (SELECT unnest(extconfig) FROM pg_extension)"
HELD = f"{OWN_SCHEMAS} AND relpersistence <> 't' AND (NOT {OF_EXTENSION} OR {DUMPED_OF_EXTENSION})"
TABLES = f"""SELECT c.oid::regclass::text FROM pg_class AS c
    WHERE relkind IN ('r', 'm') AND {HELD}
    ORDER BY pg_table_size(c.oid) DESC, 1"""
SEQUENCES = f"""SELECT c.oid::regclass::text, seqincrement FROM pg_class AS c
    JOIN pg_sequence ON seqrelid = c.oid WHERE {HELD} ORDER BY 1"""
# The same row has the same text on every server. The sum knows equal rows, a bitwise one does not.
SUM = "SELECT count(*), coalesce(sum(hashtextextended({row}::text, 0)), 0) FROM {table}"
# A page that was never written reads as zeros, and a restore writes them: such pages count for nothing.
OF_OBJECTS = """SELECT count(*), coalesce(sum(pages + hashtextextended((loid, bytes)::text, 0)), 0) FROM (
    SELECT loid, max(pageno::bigint * (current_setting('block_size')::int / 4) + length(data)) AS bytes,
        sum(CASE WHEN btrim(data, '\\x00') = '' THEN 0 ELSE
            hashtextextended((loid, pageno, btrim('\\x01' || data, '\\x00'))::text, 0)::numeric END) AS pages
    FROM pg_largeobject GROUP BY loid) AS objects"""
STATE = "SELECT relispopulated FROM pg_class WHERE oid = $1::text::regclass AND relkind = 'm'"
POPULATED, UNPOPULATED = TableContent(0, 0), TableContent(0, -1)
# A dump gives a table that inherits its columns in another order, if its parents got theirs later.
COLUMNS = """SELECT attname, NOT relispartition AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = attrelid)
    FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
    WHERE attrelid = {}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE "C\""""
AT_ONCE = 200


def tables_by_size(connection: "Server") -> tuple[str, ...]:
    """Returns all tables that hold rows of their own, as SQL names them, the largest first.

    Large objects are a table of that name, each a row. Rows that an extension creates belong to its version.
    """
    names = tuple(name for (name,) in rows_of(connection, TABLES))
    has_objects = value_of(connection, "SELECT count(*) FROM pg_largeobject_metadata")
    return (*names, LARGE_OBJECTS) if has_objects else names


def read_content(connection: "Server", table: str) -> TableContent:
    """Returns rows and checksum of one table; reads every row, but none of tables that inherit from it.

    Of a materialized view only whether it has data: a restore computes its rows from those of the tables, and
    the view may have been older than them.
    """
    if table != LARGE_OBJECTS:
        is_populated = value_of(connection, STATE, (table,))
        if is_populated is not None:
            return POPULATED if is_populated else UNPOPULATED
    ((rows, checksum),) = rows_of(connection, _asked(connection, table))
    return TableContent(int(rows), int(checksum))


def read_positions(connection: "Server") -> dict[str, int]:
    """Returns the next number of each sequence; those of identity columns are sequences, too."""
    return dict(_positions(connection, rows_of(connection, SEQUENCES)))


def _asked(connection: "Server", table: str) -> str:
    if table == LARGE_OBJECTS:
        return OF_OBJECTS
    columns = rows_of(connection, COLUMNS.format(literal(table)))
    row = _free_name({name for name, _is_heir in columns})
    if any(is_heir for _name, is_heir in columns):
        in_order = ", ".join(quoted(name) for name, _is_heir in columns)
        return SUM.format(row=f"ROW({in_order})", table=f"ONLY {table}")
    return SUM.format(row=row, table=f"ONLY {table} AS {row}")


def _free_name(taken: Set[str]) -> str:
    """Returns a name for a row that no column has: a column's name would mean the column."""
    return next(name for number in range(len(taken) + 1) if (name := f"row{number}") not in taken)


def _positions(connection: "Server", sequences: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    for begin in range(0, len(sequences), AT_ONCE):
        some = sequences[begin : begin + AT_ONCE]
        asked = (
            f"SELECT {number}, last_value::numeric + CASE WHEN is_called THEN {step} ELSE 0 END FROM {name}"
            for number, (name, step) in enumerate(some)
        )
        for number, position in rows_of(connection, " UNION ALL ".join(asked)):
            yield some[number][0], int(position)
