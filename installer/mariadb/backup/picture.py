"""The fingerprint of a database: all that two servers can be compared by, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from installer.mariadb.migration.history import HistoryRow, has_history, read_history
from installer.mariadb.server.grants import read_grants
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.schema import Definitions, character_set, read_definitions
from installer.mariadb.server.server import DatabaseAddress
from installer.mariadb.server.table_content import TableContent, tables_by_size
from installer.mariadb.server.view import View, frozen_view, letting_go, read_contents

Level = Literal["full", "quick"]


@dataclass(frozen=True)
class Picture:
    """What a schema is and holds.

    `definitions` by kind and name; `tables`: rows and checksum, empty in a quick picture; `positions`: the
    next number of tables and sequences; `migrations`: the history, None without its table; `grants`: by
    account the statements that give its rights on the schema, without passwords.
    """

    definitions: Definitions
    tables: Mapping[str, TableContent]
    positions: Mapping[str, int]
    migrations: tuple[HistoryRow, ...] | None
    grants: Mapping[str, tuple[str, ...]]


def picture_of(address: DatabaseAddress, level: Level = "full") -> Picture:
    """The database as it is at this moment."""
    with frozen_view(address) as view:
        return take_picture(view, level)


def take_picture(view: View, level: Level = "full") -> Picture:
    """The database at the moment of the view; a quick picture reads no rows.

    Definitions and rights are those of now: the server keeps no older ones.
    """
    reader = view.readers[0]
    with letting_go(reader):
        database = str(value_of(reader, "SELECT DATABASE()"))
        definitions = {"database": {"character set": character_set(reader)}, **read_definitions(reader)}
        migrations = read_history(reader) if has_history(reader) else None
        grants = read_grants(reader, database)
    names = tables_by_size(reader) if level == "full" else ()
    return Picture(definitions, read_contents(view, names), view.positions, migrations, grants)
