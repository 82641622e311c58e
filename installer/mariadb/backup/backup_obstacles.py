"""Finds obstacles to a complete backup before it begins, and estimates its size."""

from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.mariadb.backup.broken_views import broken_views
from installer.mariadb.server.programs import Programs
from installer.mariadb.server.queries import rows_of, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

TABLES = "FROM information_schema.tables WHERE table_schema = DATABASE() AND "
DATA_BYTES = TABLES + "table_type <> 'VIEW'"
ENDLESS_EVENTS = """SELECT event_name FROM information_schema.events
    WHERE event_schema = DATABASE() AND event_definition LIKE '%;;%' ORDER BY 1"""
HISTORY_BY_TRANSACTION = """SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE()
    AND generation_expression = 'ROW START' AND data_type = 'bigint' ORDER BY 1"""


def refuse_obstacles(
    connection: "Server", programs: Programs, *, leave_out_broken_views: bool = False
) -> None:
    """Raises `Refused` when a dump could not be complete, would never end, or could not be restored."""
    _refuse_lost_history(connection, programs)
    _refuse_transaction_history(connection)
    _refuse_endless_events(connection)
    if not leave_out_broken_views:
        _refuse_broken_views(connection)


def estimated_bytes(connection: "Server") -> int:
    """Estimates the size of a dump's SQL; compressed, the dump takes less."""
    return int(value_of(connection, "SELECT COALESCE(SUM(data_length), 0) " + DATA_BYTES))


def data_bytes(connection: "Server") -> int:
    """Estimates the size of rows and indexes on the server's disk."""
    return int(value_of(connection, "SELECT COALESCE(SUM(data_length + index_length), 0) " + DATA_BYTES))


def has_row_history(connection: "Server") -> bool:
    """Returns whether any table is system-versioned."""
    return bool(value_of(connection, "SELECT COUNT(*) " + TABLES + "table_type = 'SYSTEM VERSIONED'"))


def _refuse_lost_history(connection: "Server", programs: Programs) -> None:
    if has_row_history(connection) and not programs.dump_keeps_history:
        raise Refused(
            _("The dump program of this image would lose the history of system-versioned tables."),
            hint=_("Use a database image of MariaDB 10.11 or newer."),
        )


def _refuse_broken_views(connection: "Server") -> None:
    broken = broken_views(connection)
    if broken:
        raise Refused(
            _("Some views of this database are broken; a backup with them could not be restored."),
            details=[f"{view.name}: {view.problem}" for view in broken],
            hint=_("Repair or drop these views, then run the command again."),
        )


def _refuse_endless_events(connection: "Server") -> None:
    """Refuses events that contain `;;`: the dump program uses `;;` as its own mark and never ends then."""
    names = [name for (name,) in rows_of(connection, ENDLESS_EVENTS)]
    if names:
        raise Refused(
            _("The dump program never ends if the text of an event contains `;;`."),
            details=names,
            hint=_("Recreate these events without `;;`, then run the command again."),
        )


def _refuse_transaction_history(connection: "Server") -> None:
    names = [name for (name,) in rows_of(connection, HISTORY_BY_TRANSACTION)]
    if names:
        raise Refused(
            _("The dump program cannot dump the history of tables that is versioned by transaction."),
            details=names,
            hint=_(
                "Change these tables to history by time (ROW START TIMESTAMP(6)), then run the command again."
            ),
        )
