"""What stands against a complete backup, found before it begins, and what its record must mention."""

from pathlib import Path
from typing import TYPE_CHECKING

from installer.console import size
from installer.errors import Refused
from installer.system.files import free_bytes
from installer.system.mariadb_programs import Programs
from installer.system.mariadb_sql import ServerError, quoted, rows_of, run_sql, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

NO_SUCH_DEFINER = 1449
TABLES = "FROM information_schema.tables WHERE table_schema = DATABASE() AND "
NOT_TRANSACTIONAL = TABLES + "engine <> 'InnoDB' AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"
DATA_BYTES = TABLES + "table_type <> 'VIEW'"
VIEWS = """SELECT v.table_name, u.user IS NOT NULL FROM information_schema.views v LEFT JOIN mysql.user u
    ON v.definer = CONCAT(u.user, '@', u.host) WHERE v.table_schema = DATABASE() ORDER BY v.table_name"""
FLOATS = """SELECT c.table_name, c.column_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = DATABASE() AND c.data_type = 'float' AND t.table_type <> 'VIEW' ORDER BY 1, 2"""


def refuse_obstacles(connection: "Server", programs: Programs, folder: Path, reserve_bytes: int) -> None:
    """Raise `Refused` when a dump could not be complete, could not be restored, or would fill the disk."""
    _refuse_without_space(estimated_bytes(connection), folder, reserve_bytes)
    _refuse_lost_history(connection, programs)
    _refuse_broken_views(connection)


def estimated_bytes(connection: "Server") -> int:
    """About how much SQL a dump will be; compressed it takes less."""
    return int(value_of(connection, "SELECT COALESCE(SUM(data_length), 0) " + DATA_BYTES))


def tables_without_transactions(connection: "Server") -> tuple[str, ...]:
    """Tables (MyISAM, Aria, MEMORY …) that a dump must lock, because a transaction does not cover them."""
    return tuple(name for (name,) in rows_of(connection, "SELECT table_name " + NOT_TRANSACTIONAL))


def inexact_columns(connection: "Server") -> tuple[str, ...]:
    """FLOAT columns as `table.column`: the server prints six digits of them, a dump loses the rest."""
    return tuple(f"{table}.{column}" for table, column in rows_of(connection, FLOATS))


def has_row_history(connection: "Server") -> bool:
    """Whether any table is system-versioned."""
    return bool(value_of(connection, "SELECT COUNT(*) " + TABLES + "table_type = 'SYSTEM VERSIONED'"))


def _refuse_without_space(needed_bytes: int, folder: Path, reserve_bytes: int) -> None:
    free = free_bytes(folder)
    if free < needed_bytes + reserve_bytes:
        raise Refused(
            _("There is not enough room for the backup in {folder}.", folder=folder),
            details=[
                _("needed: up to {size}", size=size(needed_bytes)),
                _("kept free: {size}", size=size(reserve_bytes)),
                _("free: {size}", size=size(free)),
            ],
            hint=_("Make room (see: df -h {folder}), then run the command again.", folder=folder),
        )


def _refuse_lost_history(connection: "Server", programs: Programs) -> None:
    if has_row_history(connection) and not programs.dump_keeps_history:
        raise Refused(
            _("The dump program of this image would lose the history of system-versioned tables."),
            hint=_("Use a database image of MariaDB 10.11 or newer."),
        )


def _refuse_broken_views(connection: "Server") -> None:
    """A view that cannot be read cannot be dumped, or its dump cannot be restored."""
    broken = []
    for name, has_definer in rows_of(connection, VIEWS):
        problem = _problem_of_view(connection, name)
        if problem and (has_definer or problem.code != NO_SUCH_DEFINER):
            broken.append(f"{name}: {problem.text}")
    if broken:
        raise Refused(
            _("Some views of this database are broken, so that a backup of it could not be restored."),
            details=broken,
            hint=_("Repair or drop these views, then run the command again."),
        )


def _problem_of_view(connection: "Server", name: str) -> ServerError | None:
    try:
        run_sql(connection, f"PREPARE airlock_view FROM 'SELECT 1 FROM {_in_text(quoted(name))}'")
    except ServerError as error:
        return error
    return None


def _in_text(sql: str) -> str:
    return sql.replace("\\", "\\\\").replace("'", "''")
