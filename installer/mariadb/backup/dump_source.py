"""Describes the schema to dump, and the command line that dumps it."""

from dataclasses import dataclass

from installer.database.values.address import DatabaseAddress
from installer.mariadb.backup.backup_obstacles import estimated_bytes, has_row_history
from installer.mariadb.backup.broken_views import BrokenView, broken_views
from installer.mariadb.backup.untrue_columns import Loss, lost_values, rounded_columns
from installer.mariadb.content.table_content import tables_without_transactions
from installer.mariadb.server.programs import Programs, dump_command, find_programs
from installer.mariadb.server.server import connect


@dataclass(frozen=True)
class Source:
    """Describes a schema before the dump."""

    address: DatabaseAddress
    programs: Programs
    estimated_bytes: int
    has_row_history: bool
    tables_without_transactions: tuple[str, ...]
    broken_views: tuple[BrokenView, ...]
    rounded_columns: tuple[str, ...]
    lost_values: tuple[Loss, ...]

    def command(self, *, locked: bool = False) -> tuple[str, ...]:
        """Returns the dump command line; with `locked` it locks tables that no transaction covers."""
        return dump_command(
            self.address,
            self.programs,
            locked=locked and bool(self.tables_without_transactions),
            history=self.has_row_history,
            without=[view.name for view in self.broken_views],
        )


def look_at(address: DatabaseAddress) -> Source:
    """Returns the description of the schema at `address`."""
    programs = find_programs(address.container_id)
    with connect(address) as connection:
        return Source(
            address,
            programs,
            estimated_bytes(connection),
            has_row_history(connection),
            tables_without_transactions(connection),
            broken_views(connection),
            rounded_columns(connection),
            lost_values(connection),
        )
