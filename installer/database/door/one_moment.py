"""A database at one moment, to compare it with another one or with a backup."""

from collections.abc import Mapping
from typing import Protocol

from installer.database.values.picture import Level, Picture, TableContent


class Moment(Protocol):
    """A database at one moment, while it goes on; only nearly so unless it `is_frozen`."""

    @property
    def is_frozen(self) -> bool:
        """Whether all that is read is of the same moment."""

    @property
    def server_version(self) -> str:
        """In the server's own words."""

    @property
    def drops_rows_by_itself(self) -> bool:
        """Whether the server runs programs of the schema on a timetable."""

    def picture(self, level: Level = "full") -> Picture:
        """What the schema is and holds; a quick picture reads no rows."""

    def contents(self) -> Mapping[str, TableContent]:
        """Rows and checksum of every table."""
