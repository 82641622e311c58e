"""Backs up what the new release wrote from its files, once the old release runs again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.errors import AirlockError
from installer.operations.images.stored_images import image_of_service
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.services.change_context import Change
from installer.operations.services.over_files import KeptServer, database_over_files
from installer.operations.snapshot.snapshot import copy_of, has_old_files, set_aside_of
from installer.operations.steps.backup_before_rollback import back_up_as_before_rollback
from installer.operations.steps.kept_data import set_aside_folder
from installer.system.clock import utc_now
from installer.text import _


@dataclass(frozen=True)
class LaterBackup:
    """A database whose files the rollback sets aside in `folder`, and the server that wrote them."""

    planned: PlannedDatabase
    folder: Path
    server: KeptServer


def later_backups(change: Change) -> tuple[LaterBackup, ...]:
    """Returns those of the databases whose dump takes longer than seconds: as it was in the import.

    What is needed of the new release is read now: after the rollback it has no settings any more.
    """
    found = (_later(change, one) for one in change.plan.databases if has_old_files(change.plan, one))
    return tuple(one for one in found if one is not None)


def back_up_set_aside(change: Change, later: Sequence[LaterBackup]) -> None:
    """Makes the backups. Only warns of one that fails: the files stay."""
    console = change.console
    for one in later:
        console.say(_("The old release runs again. What {version} wrote is backed up now, from its files.",
                      version=change.plan.version))  # fmt: skip
        try:
            with database_over_files(change, one.server, one.folder) as database:
                back_up_as_before_rollback(change, one.planned.service, database, utc_now())
        except AirlockError as obstacle:
            console.warn(
                _(
                    "The database of {version} could not be backed up ({problem});"
                    " its files are kept in {path}.",
                    version=change.plan.version,
                    path=one.folder,
                    problem=obstacle.happened,
                )
            )


def _later(change: Change, planned: PlannedDatabase) -> LaterBackup | None:
    folder, service = _folder_after(change.plan, planned), change.new_model.services.get(planned.service)
    if folder is None or service is None or not change.is_running(planned.service):
        return None
    image = image_of_service(change.engine, change.manifest, service)
    return LaterBackup(planned, folder, KeptServer(image.id, service)) if image is not None else None


def _folder_after(plan: ImportPlan, planned: PlannedDatabase) -> Path | None:
    """Returns where the rollback puts the data directory that the new release uses."""
    kept, snapshot = planned.kept_files, planned.snapshot
    if kept is None or planned.conversion is not None:
        return None
    if snapshot is not None:
        return set_aside_of(snapshot) / kept.relative_to(copy_of(snapshot))
    carried = (one for one in plan.state if one.is_copied and kept.is_relative_to(one.source))
    item = next(carried, None)
    if item is None:
        return None
    target = item.target / kept.relative_to(item.source)
    return set_aside_folder(plan) / target.relative_to(plan.release)
