"""Counts the rows that a statement will change without an error, in the script's session, just before it."""

from typing import TYPE_CHECKING

from installer.mariadb.losses.plan_losses import ColumnLoss
from installer.mariadb.server.queries import ServerError, quoted, rows_of, value_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

SESSION = "SELECT DATABASE(), @@SESSION.character_set_client"
WHOLE_UNICODE = "utf8mb4"


def count(session: "Server", schema: str, loss: ColumnLoss) -> int | None:
    """Returns the number of values that will change; None when it cannot be known exactly.

    The query runs where uncommitted rows are visible and locked tables are readable. It leaves nothing
    behind, because the DDL statement that follows ends every transaction.
    """
    try:
        database, charset = rows_of(session, SESSION)[0]
        if database != schema or not (charset == WHOLE_UNICODE or select_of(loss).isascii()):
            return None
        if loss.condition.doubtful and _rows(session, _select(loss, loss.condition.doubtful)):
            return None
        return _rows(session, select_of(loss)) if loss.condition.bad else 0
    except ServerError:
        return None


def select_of(loss: ColumnLoss) -> str:
    """Returns the SELECT that finds the rows; empty where no condition identifies them."""
    return _select(loss, loss.condition.bad) if loss.condition.bad else ""


def _select(loss: ColumnLoss, condition: str) -> str:
    return f"SELECT * FROM {quoted(loss.table)} WHERE {condition}"


def _rows(session: "Server", select: str) -> int:
    return int(value_of(session, f"SELECT COUNT(*) FROM ({select}) AS found"))
