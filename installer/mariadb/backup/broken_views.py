"""Finds views that cannot be read: a dump of them fails, or cannot be loaded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.mariadb.server.queries import ServerError, quoted, rows_of, run_sql

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

NO_SUCH_DEFINER = 1449
VIEWS = """SELECT v.table_name, u.user IS NOT NULL FROM information_schema.views v LEFT JOIN mysql.user u
    ON v.definer = CONCAT(u.user, '@', u.host) WHERE v.table_schema = DATABASE() ORDER BY v.table_name"""

NAMES = "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY table_name"


@dataclass(frozen=True)
class BrokenView:
    """Holds a view, the server's error when the view is read, and the statement that created the view."""

    name: str
    problem: str
    definition: str


def broken_views(connection: "Server") -> tuple[BrokenView, ...]:
    """Returns the views that no dump can restore, by name. A view without its definer can be restored."""
    found = []
    for name, has_definer in _views(connection):
        problem = _problem_of(connection, name)
        if problem and (has_definer or problem.code != NO_SUCH_DEFINER):
            definition = str(rows_of(connection, f"SHOW CREATE VIEW {quoted(name)}")[0][1])
            found.append(BrokenView(name, problem.text, definition))
    return tuple(found)


def _views(connection: "Server") -> list[tuple[str, bool]]:
    """Returns each view and whether its definer exists; True for all where the accounts may not be read."""
    try:
        return [(name, bool(has_definer)) for name, has_definer in rows_of(connection, VIEWS)]
    except ServerError as error:
        if error.is_lost_connection:
            raise
        return [(name, True) for (name,) in rows_of(connection, NAMES)]


def _problem_of(connection: "Server", name: str) -> ServerError | None:
    try:
        run_sql(connection, f"PREPARE airlock_view FROM 'SELECT 1 FROM {_in_text(quoted(name))}'")
    except ServerError as error:
        return error
    return None


def _in_text(sql: str) -> str:
    return sql.replace("\\", "\\\\").replace("'", "''")
