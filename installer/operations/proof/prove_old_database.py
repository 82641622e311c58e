"""Proves that the old databases are as they were: compares them with their backups, reports the result."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from installer.database.door.running_database import Database
from installer.database.records.backup_record import read_backup
from installer.database.records.differences import differences
from installer.errors import AirlockError
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.plan.labels import labelled
from installer.operations.proof.state_at_stop import is_backup
from installer.operations.services.change_context import Change
from installer.screen.console import Console
from installer.site.paths import runs_folder
from installer.system.files.files import write_atomically
from installer.text import _

DIFFERENCES = "differences.txt"
SHOWN = 20
NOT_COMPARED: dict[str, int] = {}  # a starting server may change a table's next number by itself
Found = tuple[str, ...]


@contextmanager
def proving(change: Change, databases: Iterable[tuple[PlannedDatabase, Path, Database]]) -> Iterator[None]:
    """Compares the old databases, as they are when the body begins, with their backups.

    With each comes the path of its backup, or of its state at the stop, which has no rows. The body starts
    the services. Compares the schemas at once, the rows afterwards as they were at that moment, so that no
    service waits for it. Writes the differences to the run's folder.
    """
    with ExitStack() as stack:
        proofs = [
            (is_backup(path), *_begun(change, planned, path, database, stack))
            for planned, path, database in databases
        ]
        yield
        found = [(has_rows, label, whole()) for has_rows, label, whole in proofs]
    _keep(change.plan, [line for _rows, label, lines in found for line in _labelled(label, lines)])
    for has_rows, label, lines in found:
        _tell(label, lines, change.console, has_rows=has_rows)


def differences_found(plan: ImportPlan) -> Found:
    """Returns the differences that this run's last comparison found, and the file with all; () if none."""
    path = _path(plan)
    if not path.is_file():
        return ()
    lines = path.read_text("utf-8").splitlines()
    return (
        *lines[:SHOWN],
        _("All differences: {path}", path=path),
        *(_("The backup: {path}", path=plan.backup_path(one)) for one in plan.backed_up),
    )


def _begun(
    change: Change, planned: PlannedDatabase, path: Path, database: Database, stack: ExitStack
) -> tuple[str, Callable[[], Found]]:
    """Compares the schema. Returns the label of the database, and a function that compares the rest."""
    label = change.plan.label_of(planned.service)
    at_once, whole = _comparison(path, database, stack)
    if not at_once and is_backup(path):
        words = _("The old database has the schema of the backup; comparing its rows.")
        change.console.say(labelled(label, words))
    return label, whole


def _tell(label: str, found: Found, console: Console, *, has_rows: bool) -> None:
    if not found:
        words = (
            _("The old database was compared with the backup: no difference.")
            if has_rows
            else _("The old database has its own files again, and the tables and migrations of before.")
        )
        console.say(labelled(label, words))
        return
    words = (
        _("The old database differs from the backup, which was made while the database was running:")
        if has_rows
        else _("The old database differs from its state at the stop:")
    )
    console.warn(labelled(label, words))
    for line in found[:SHOWN]:
        console.say(f"  {line}")


def _labelled(label: str, lines: Found) -> Found:
    return tuple(labelled(label, line) for line in lines)


def _comparison(path: Path, database: Database, stack: ExitStack) -> tuple[Found, Callable[[], Found]]:
    """Returns the differences visible at once, and a function that returns all of them.

    Compares everything at once if the moment cannot be frozen. A comparison that fails proves nothing but
    delays nothing.
    """
    try:
        backup = read_backup(path)
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
    return (_("The comparison failed: {problem}", problem=obstacle.happened),)


def _keep(plan: ImportPlan, found: Sequence[str]) -> None:
    with suppress(OSError):  # a full disk must not block the undo; the differences are shown
        if found:
            write_atomically(_path(plan), "".join(f"{line}\n" for line in found).encode())
        else:
            _path(plan).unlink(missing_ok=True)


def _path(plan: ImportPlan) -> Path:
    return runs_folder(plan.release) / plan.run_name / DIFFERENCES
