"""Finds out whether a MariaDB or MySQL server shares its data with other servers."""

from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import ServerError, rows_of, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

NODES = "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'"  # of Galera, and of Percona XtraDB Cluster
REPLICATING = "SHOW GLOBAL STATUS LIKE 'Slaves_running'"
REPLICATING_MYSQL = (
    "SELECT COUNT(*) FROM performance_schema.replication_applier_status WHERE service_state = 'ON'"
)


def refuse_replication(connection: "Server") -> None:
    """Raises `Refused` for a node of a cluster, and for a server that repeats what another one does.

    One server alone of a cluster can neither be migrated nor brought back by its files.
    """
    if _number(connection, NODES):
        raise Refused(
            _("This server is part of a Galera cluster, which Airlock does not serve."),
            details=[_("A cluster has no migration lock, and its nodes copy their files from each other.")],
            hint=_("Update this release by hand: see MIGRATIONS.md and DEPLOYMENT_GUIDE.md."),
        )
    if _is_replica(connection):
        raise Refused(
            _("This database server is a replica: it only repeats what another server does."),
            hint=_("Import where the other server runs, or first make this one independent of it."),
        )


def _is_replica(connection: "Server") -> bool:
    """Returns whether the server replicates; False where MySQL does not let this user know."""
    if not is_mysql(connection):
        return bool(_number(connection, REPLICATING))
    try:
        return bool(value_of(connection, REPLICATING_MYSQL))
    except ServerError:
        return False


def _number(connection: "Server", status: str) -> int:
    """Returns the value of a status variable; 0 where the server has none of this name."""
    return next((int(value) for _name, value in rows_of(connection, status)), 0)
