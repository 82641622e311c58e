"""What a database holds, read by the tests themselves: if the product's own picture overlooks a thing, this
does not. Every row of every system table that speaks of the schema, and every row of every table as bytes.
"""

from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.queries import quoted, rows_of, run_sql, translated
from installer.mariadb.server.server import connect

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

RIGHTS_ON_ROUTINES = "mysql.procs_priv"
SYSTEM_TABLES = {
    "information_schema.SCHEMATA": "SCHEMA_NAME",
    "information_schema.TABLES": "TABLE_SCHEMA",
    "information_schema.COLUMNS": "TABLE_SCHEMA",
    "information_schema.STATISTICS": "TABLE_SCHEMA",
    "information_schema.PARTITIONS": "TABLE_SCHEMA",
    "information_schema.KEY_COLUMN_USAGE": "CONSTRAINT_SCHEMA",
    "information_schema.REFERENTIAL_CONSTRAINTS": "CONSTRAINT_SCHEMA",
    "information_schema.CHECK_CONSTRAINTS": "CONSTRAINT_SCHEMA",
    "information_schema.VIEWS": "TABLE_SCHEMA",
    "information_schema.TRIGGERS": "TRIGGER_SCHEMA",
    "information_schema.ROUTINES": "ROUTINE_SCHEMA",
    "information_schema.PARAMETERS": "SPECIFIC_SCHEMA",
    "information_schema.EVENTS": "EVENT_SCHEMA",
    "mysql.proc": "db",
    "mysql.event": "db",
    "mysql.db": "Db",
    "mysql.tables_priv": "Db",
    "mysql.columns_priv": "Db",
    RIGHTS_ON_ROUTINES: "Db",
}
OF_THE_MOMENT = {
    "CREATE_TIME", "UPDATE_TIME", "CHECK_TIME", "TABLE_ROWS", "AVG_ROW_LENGTH", "DATA_LENGTH", "INDEX_LENGTH",
    "DATA_FREE", "MAX_DATA_LENGTH", "MAX_INDEX_LENGTH", "CARDINALITY", "CREATED", "LAST_ALTERED",
    "LAST_EXECUTED", "CHECKSUM", "TIMESTAMP", "GRANTOR", "MODIFIED",
}  # fmt: skip
Evidence = dict[str, list[object]]


def evidence(address: DatabaseAddress) -> Evidence:
    """Sorted rows by system table, and by table of the schema with its history."""
    with connect(address) as connection:
        run_sql(connection, "SET SESSION time_zone = '+00:00'")
        found = {name: _about(connection, name, schema) for name, schema in SYSTEM_TABLES.items()}
        return {**found, **_contents(connection)}


def _about(connection: "Server", table: str, schema: str) -> list[object]:
    where = f"REPLACE({schema}, '\\\\_', '_') = DATABASE()"
    with translated(connection), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {where}")
        headings = [column[0] for column in cursor.description or ()]
        rows = [_without_case(row) if table == RIGHTS_ON_ROUTINES else row for row in cursor.fetchall()]
    return sorted(
        repr(
            {key: value for key, value in zip(headings, row, strict=True) if key.upper() not in OF_THE_MOMENT}
        )
        for row in rows
    )


def _without_case(row: tuple[object, ...]) -> tuple[object, ...]:
    """Names of routines know no case, and the server itself shows rights on them in small letters."""
    return tuple(value.lower() if isinstance(value, str) else value for value in row)


def _contents(connection: "Server") -> Evidence:
    kinds = rows_of(
        connection,
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    return {f"rows of {name}": _rows(connection, name, kind) for name, kind in kinds if kind != "VIEW"}


def _rows(connection: "Server", table: str, kind: str) -> list[object]:
    columns = rows_of(
        connection,
        "SELECT column_name, data_type, generation_expression FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name = %s ORDER BY ordinal_position",
        (table,),
    )
    names = [_as_bytes(name, of_type) for name, of_type, _expression in columns]
    past = " FOR SYSTEM_TIME ALL" if kind == "SYSTEM VERSIONED" else ""
    has_period = any(expression == "ROW START" for _name, _type, expression in columns)
    names += ["CAST(ROW_START AS CHAR)", "CAST(ROW_END AS CHAR)"] if past and not has_period else []
    return sorted(map(repr, rows_of(connection, f"SELECT {', '.join(names)} FROM {quoted(table)}{past}")))


def _as_bytes(name: str, of_type: str) -> str:
    """FLOAT shows its six digits: more is not in a dump, and the record of a backup says so."""
    return f"CAST({quoted(name)} AS CHAR)" if of_type == "float" else f"CAST({quoted(name)} AS BINARY)"
