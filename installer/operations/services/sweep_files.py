"""Deletes what a killed run left unfinished in Airlock's own folders of a release directory."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from installer.database.records.backup_record import DUMP_SUFFIX, part_of
from installer.site.paths import AIRLOCK, backups_folder, runs_folder
from installer.system.files.files import remove_tree
from installer.system.files.temporary import UNFINISHED


def sweep_files(release: Path) -> None:
    """Deletes dumps, records and copies that were being written; only under the site's lock."""
    for path in _unfinished(release):
        with suppress(OSError):  # what cannot be deleted does no harm
            remove_tree(path)


def _unfinished(release: Path) -> Iterator[Path]:
    backups = backups_folder(release)
    yield from backups.glob(part_of(backups / f"backup_*{DUMP_SUFFIX}*").name)
    for folder in (
        backups,
        release / AIRLOCK,
        *runs_folder(release).glob("*"),
        *runs_folder(release).glob("*/logs"),
    ):
        yield from folder.glob(UNFINISHED)
