"""Proves that the old database is back as it was: compares it with the backup, and tells the outcome."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from installer.database.door.running_database import Database
from installer.database.records.backup_record import read_backup
from installer.database.records.differences import differences
from installer.errors import AirlockError
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.services.change import Change
from installer.site.paths import runs_folder
from installer.system.files.files import write_atomically
from installer.text import _

DIFFERENCES = "differences.txt"
TOLD = 20
NOT_COMPARED: dict[str, int] = {}  # a server that starts may move a table's next number by itself
Found = tuple[str, ...]


@contextmanager
def proving(change: Change, database: Database) -> Iterator[None]:
    """Compare the old database as it is when the body begins with the backup; the body starts the services.

    What it is made of is compared at once, its rows afterwards, as they were at that moment: nobody waits for
    it. The run's folder keeps the differences.
    """
    with ExitStack() as stack:
        at_once, whole = _comparison(change.plan, database, stack)
        if not at_once:
            change.console.say(
                _("The old database's schema is that of the backup; its rows are compared now.")
            )
        yield
        found = whole()
    _keep(change.plan, found)
    if not found:
        change.console.say(_("The old database was compared with the backup: no difference."))
        return
    change.console.warn(_("The old database differs from the backup, which was made while it still ran:"))
    for line in found[:TOLD]:
        change.console.say(f"  {line}")


def differences_found(plan: ImportPlan) -> Found:
    """What the last comparison in this run found, and where all of it is written; nothing is good."""
    path = _path(plan)
    if not path.is_file():
        return ()
    lines = path.read_text("utf-8").splitlines()
    return (
        *lines[:TOLD],
        _("All of it: {path}", path=path),
        _("The backup: {path}", path=plan.backup_path),
    )


def _comparison(plan: ImportPlan, database: Database, stack: ExitStack) -> tuple[Found, Callable[[], Found]]:
    """What differs at first sight, and the question for all that does.

    Where the moment cannot be frozen, all is asked at once. A comparison that cannot be made proves nothing,
    but keeps nobody waiting.
    """
    try:
        backup = read_backup(plan.backup_path)
        moment = stack.enter_context(database.at_one_moment())
        is_same = moment.server_version == backup.server_version
        now = replace(moment.picture("quick" if moment.is_frozen else "full"), positions=NOT_COMPARED)
        at_once = differences(backup, now, same_server=is_same)
    except AirlockError as obstacle:
        failed = _not_compared(obstacle)
        return failed, lambda: failed

    def whole() -> Found:
        try:
            rows = moment.contents()
        except AirlockError as obstacle:
            return _not_compared(obstacle)
        return differences(backup, replace(now, tables=rows), same_server=is_same)

    return at_once, whole if moment.is_frozen else lambda: at_once


def _not_compared(obstacle: AirlockError) -> Found:
    return (_("It could not be compared: {problem}", problem=obstacle.happened),)


def _keep(plan: ImportPlan, found: Found) -> None:
    with suppress(OSError):  # a full disk must not stand against the way back; they are told
        if found:
            write_atomically(_path(plan), "".join(f"{line}\n" for line in found).encode())
        else:
            _path(plan).unlink(missing_ok=True)


def _path(plan: ImportPlan) -> Path:
    return runs_folder(plan.release) / plan.run_name / DIFFERENCES
