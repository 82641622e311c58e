"""The schema at one moment, so that before and after can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.operations.migration_history import HistoryRow, has_history, read_history
from installer.system.mariadb_schema import Definitions, TableContent, read_contents, read_definitions

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server


@dataclass(frozen=True)
class Picture:
    """Definitions by kind and name, rows and checksum by table, the migration history (None: no table)."""

    definitions: Definitions
    tables: Mapping[str, TableContent]
    migrations: tuple[HistoryRow, ...] | None


def take_picture(connection: "Server") -> Picture:
    """Read the whole schema of the connection; every row once for its checksum."""
    definitions = read_definitions(connection)
    return Picture(
        definitions,
        read_contents(connection, tuple(definitions["table"])),
        read_history(connection) if has_history(connection) else None,
    )


def steady_tables(before: Picture, after: Picture) -> dict[str, TableContent | None]:
    """The content of each table, None where it changed between the two pictures."""
    return {
        name: content if content == before.tables[name] else None for name, content in after.tables.items()
    }
