"""Checks backups one after another and reports the state of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.database.engines import engine_of_backup
from installer.database.records.backup_record import Backup
from installer.errors import AirlockError
from installer.text import _


@dataclass(frozen=True)
class Checked:
    """Holds one result: `problem` is None for an intact backup; `was_read`: its content was read, too."""

    backup: Backup
    problem: AirlockError | None
    was_read: bool

    @property
    def line(self) -> str:
        """Returns the state of the backup as a line for people."""
        name = self.backup.path.name
        if self.problem is not None:
            return "; ".join((self.problem.happened, *self.problem.details))
        if not self.was_read:
            return _("{name} is unchanged; it is encrypted, its content was not read.", name=name)
        return _("{name} is complete and unchanged.", name=name)

    @property
    def document(self) -> dict[str, object]:
        """Returns the result with stable keys, for `--json`."""
        return {
            "file": self.backup.path.name,
            "is_whole": self.problem is None,
            "content_was_read": self.was_read,
            "problem": None if self.problem is None else self.line,
        }


def check_backups(backups: Iterable[Backup], identity: Path | None) -> Iterator[Checked]:
    """Reads each backup; the content of an encrypted one only with the key in `identity`."""
    for backup in backups:
        was_read = identity is not None or not backup.is_encrypted
        try:
            engine_of_backup(backup).verify_backup(backup, identity=identity)
        except AirlockError as problem:
            yield Checked(backup, problem, False)
        else:
            yield Checked(backup, None, was_read)
