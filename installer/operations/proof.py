"""Proves that the old database is back as it was: compares it with the backup, and tells the outcome."""

from contextlib import suppress
from pathlib import Path

from installer.errors import AirlockError
from installer.operations.backup import read_backup
from installer.operations.change import Change
from installer.operations.import_plan import ImportPlan
from installer.operations.restore import differences_from
from installer.site.paths import runs_folder
from installer.system.compose import Compose
from installer.system.files import write_atomically
from installer.text import _

DIFFERENCES = "differences.txt"
TOLD = 20


def prove(change: Change, old: Compose) -> None:
    """Compare the old database, which runs again, with the backup; the run's folder keeps the differences."""
    change.console.say(_("Comparing the old database with the backup."))
    differences = _differences(change, old)
    _keep(change.plan, differences)
    if not differences:
        change.console.say(_("The old database was compared with the backup: no difference."))
        return
    change.console.warn(_("The old database differs from the backup, which was made while it still ran:"))
    for line in differences[:TOLD]:
        change.console.say(f"  {line}")


def differences_found(plan: ImportPlan) -> tuple[str, ...]:
    """What the last comparison in this run found, and where all of it is written; nothing is good."""
    path = _path(plan)
    if not path.is_file():
        return ()
    lines = path.read_text().splitlines()
    return (*lines[:TOLD], _("All of it: {path}", path=path))


def _differences(change: Change, old: Compose) -> tuple[str, ...]:
    """A comparison that could not be made proves nothing, but the old release need not wait for it."""
    try:
        address = change.database_of(old)
        return differences_from(address, read_backup(change.plan.backup_path)) if address else ()
    except AirlockError as obstacle:
        return (_("It could not be compared: {problem}", problem=obstacle.happened),)


def _keep(plan: ImportPlan, differences: tuple[str, ...]) -> None:
    with suppress(OSError):  # a full disk must not stand against the way back; they are told
        if differences:
            write_atomically(_path(plan), "".join(f"{line}\n" for line in differences).encode())
        else:
            _path(plan).unlink(missing_ok=True)


def _path(plan: ImportPlan) -> Path:
    return runs_folder(plan.release) / plan.run_name / DIFFERENCES
