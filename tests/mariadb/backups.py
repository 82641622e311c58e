"""What tests of backup and restore share."""

from datetime import datetime, timezone
from io import StringIO
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.mariadb.backup.backup import Backup, back_up
from installer.screen.console import Console

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=timezone.utc)
NAME = "backup_before_migration_20261122_010203.sql.gz"
RECORD = "backup_before_migration_20261122_010203.json"


class Told:
    """A console and what it told."""

    def __init__(self) -> None:
        self._story = StringIO()
        self.console = Console(results=StringIO(), story=self._story, verbosity="verbose")

    @property
    def lines(self) -> list[str]:
        """The story so far."""
        return self._story.getvalue().splitlines()


def backup_of(address: DatabaseAddress, folder: Path, told: Told | None = None) -> Backup:
    """A backup made at `NOW` without keeping room free."""
    return back_up(address, folder, now=NOW, console=(told or Told()).console, reserve_bytes=0)


def names_in(folder: Path) -> list[str]:
    """Everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())
