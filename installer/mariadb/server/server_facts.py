"""Reads the facts that a MariaDB server reports about itself and one schema."""

from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.database.values.facts import DatabaseFacts
from installer.mariadb.server.product import lacks_of, product_of
from installer.mariadb.server.queries import rows_of, server_version
from installer.mariadb.server.server import connect

INSIDE = (None, "", "./")
FOLDERS = "SELECT @@innodb_data_home_dir, @@innodb_log_group_home_dir, @@innodb_undo_directory, @@datadir"
SIZES = (
    "SELECT COALESCE(SUM(data_length), 0), COALESCE(MAX(data_length + index_length), 0) "
    "FROM information_schema.tables WHERE table_schema = DATABASE()"
)
OTHERS = (
    "SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_schema NOT IN "
    "('mysql', 'sys', 'information_schema', 'performance_schema', COALESCE(DATABASE(), '')) ORDER BY 1"
)


def read_facts(address: DatabaseAddress) -> DatabaseFacts:
    """Queries the server. Raises `Refused` when it does not answer or refuses the login."""
    with connect(address) as connection:
        ((*folders, data_folder),) = rows_of(connection, FOLDERS)
        product = product_of(connection)
        ((data_bytes, largest_table_bytes),) = rows_of(connection, SIZES)
        return DatabaseFacts(
            product,
            server_version(connection),
            int(data_bytes),
            int(largest_table_bytes),
            any(one not in INSIDE and not Path(one).is_relative_to(data_folder) for one in folders),
            lacks_of(product),
            other_databases=tuple(name for (name,) in rows_of(connection, OTHERS)),
            data_folder=str(data_folder),
        )
