"""Defines the interface of a restore that was chosen and read, before anything of the database changes."""

from pathlib import Path
from typing import Protocol


class PreparedRestore(Protocol):
    """Restores one backup, or one dump without a record, into one database."""

    @property
    def name(self) -> str:
        """Returns the name of the file."""

    @property
    def create_database(self) -> str:
        """Returns the statement that creates the schema: the dump's, otherwise that of the present schema."""

    def refuse_obstacles(self, safety_folder: Path | None) -> None:
        """Raises `Refused` for each known obstacle to the restore; verifies a whole backup.

        With a `safety_folder`, also for each obstacle to a backup of the present content into it.
        """

    def is_in_place(self) -> bool:
        """Returns whether the database is exactly as the backup records it; False without a record."""

    def load(self) -> None:
        """Replaces the content of the database, compares the result, and reports it.

        Raises `ContentUntouched`, `AnotherRunActive` or `InterruptedUntouched` while the old content is
        untouched, `ContentDiffers` if the result is not as recorded; after any other error the content is
        incomplete.
        """
