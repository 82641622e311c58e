"""Brings the old release back with exactly its data."""

from installer.errors import Stuck
from installer.operations.backup import read_backup
from installer.operations.change import Change
from installer.operations.load_images import point_tags_back
from installer.operations.restore import differences_from, restore_exactly
from installer.system.compose import Compose
from installer.text import _


def bring_back_old_release(change: Change) -> None:
    """Start what ran before, database first, and prove that its data are those of the backup."""
    old, previous = change.old, change.plan.previous
    if old is None or previous is None:
        return
    point_tags_back(change.engine, previous.images)
    if change.plan.database in previous.running_services:
        _start_database(change, old, change.plan.database)
    _start(change, old, previous.running_services)
    change.wait_for(previous.running_services)


def restore_old_data(change: Change) -> None:
    """Load the backup into the new release's database, unless the old files were left untouched.

    The files are about to return to the old release: nothing the new one did may stay in them.
    """
    if change.old is None or change.plan.keeps_old_database_files or not change.plan.backup_path.exists():
        return
    assert change.plan.database is not None
    change.new.up((change.plan.database,), no_deps=True)
    change.wait_for((change.plan.database,))
    address = change.database_of(change.new)
    if address is not None:
        restore_exactly(address, read_backup(change.plan.backup_path), change.console)


def _start(change: Change, old: Compose, services: tuple[str, ...]) -> None:
    """Start the very containers that ran before; where they were taken down, what the old files say now."""
    containers = change.engine.containers(project=change.plan.project)
    before = {one.service for one in containers if one.created_at <= change.plan.started_at}
    if before.issuperset(services):
        old.start(services)
    else:
        old.up(services, no_deps=len(services) == 1)


def _start_database(change: Change, old: Compose, service: str) -> None:
    _start(change, old, (service,))
    change.wait_for((service,))
    address = change.database_of(old)
    if address is None or not change.plan.backup_path.exists():
        return
    differences = differences_from(address, read_backup(change.plan.backup_path))
    if differences:
        raise Stuck(
            _("The database is not what it was before the import."),
            details=differences,
            hint=_("Restore the backup: ./airlock restore {backup}", backup=change.plan.backup_path.name),
        )
    change.console.say(_("The old database was compared with the backup: no difference."))
