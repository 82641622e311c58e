"""Defines how to read a database at one moment, to compare it with another database or with a backup."""

from collections.abc import Mapping
from typing import Protocol

from installer.database.values.picture import Level, Picture, TableContent


class Moment(Protocol):
    """Reads a database as it was at one moment while users work on; approximately unless it `is_frozen`."""

    @property
    def is_frozen(self) -> bool:
        """Returns whether everything that is read is of the same moment."""

    @property
    def server_version(self) -> str:
        """Returns the server's own version text."""

    @property
    def drops_rows_by_itself(self) -> bool:
        """Returns whether the server runs scheduled programs of the schema, which may delete rows."""

    def picture(self, level: Level = "full") -> Picture:
        """Returns the definitions and content of the schema; a quick picture reads no rows."""

    def contents(self) -> Mapping[str, TableContent]:
        """Returns rows and checksum of every table."""
