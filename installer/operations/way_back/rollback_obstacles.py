"""Finds what prevents the rollback of a finished import, before anything changes."""

from collections.abc import Iterable, Iterator

from installer.database.door.database_engine import DatabaseEngine
from installer.database.engines import engine_of_backup
from installer.database.records.backup_record import read_backup
from installer.errors import AirlockError, Refused
from installer.operations.decisions.old_version import version_of
from installer.operations.plan.import_plan import CarriedState, ImportPlan, PlannedDatabase, Previous
from installer.operations.services.change_context import Change
from installer.operations.snapshot.snapshot import has_old_files
from installer.site.paths import backups_folder
from installer.site.running.lost_mounts import lost_mounts
from installer.site.running.other_files import in_other_folders
from installer.system.compose.compose import Compose, Service
from installer.system.files.live_tree import may_hold_something
from installer.text import _


def refuse_rollback_obstacles(change: Change) -> None:
    """Raises `Refused` with everything that is missing of what the old release needs."""
    old, previous = change.old, change.plan.previous
    assert old is not None and previous is not None
    found = (
        *_in_directory(change, old, previous),
        *_in_engine(change, previous),
        *state_obstacles(change.plan),
        *in_other_folders(change.new_model.services, change.containers()),  # would pass as the current state
        *(line for database in change.plan.databases for line in _in_database(change, database)),
        *(line for database in change.plan.databases for line in _in_old_volumes(change, old, database)),
    )
    if found:
        version = version_of(previous)
        raise Refused(
            _(
                "A rollback to {version} is not possible now; nothing was changed.",
                version=version,
            ),
            details=found,
            hint=_("Fix the problems above, then run: ./airlock rollback"),
        )


def state_obstacles(plan: ImportPlan) -> Iterator[str]:
    """Lists data of the old release that would not return to its place."""
    for item in plan.state:
        yield from _in_copied(item) if item.is_copied else _in_moved(item)


def lost_of_old(services: Iterable[Service], plan: ImportPlan) -> Iterator[str]:
    """Lists missing mounts of the old release's services, except those that return: `state_obstacles`."""
    returning = [item.source for item in plan.state]
    for lost in lost_mounts(services):
        if not any(lost.source.resolve().is_relative_to(place.resolve()) for place in returning):
            yield lost.words


def _in_directory(change: Change, old: Compose, previous: Previous) -> Iterator[str]:
    if not previous.directory.is_dir():
        yield _("The old directory is missing: {path}", path=previous.directory)
        return
    try:
        services = change.model_of(old).services
        running = (services[name] for name in previous.running_services if name in services)
        yield from lost_of_old(running, change.plan)
    except AirlockError as problem:
        yield from (problem.happened, *problem.details)


def _in_engine(change: Change, previous: Previous) -> Iterator[str]:
    for reference, image_id in previous.images:
        if change.engine.image(image_id) is None:
            yield _("The old image {reference} is missing: {id}", reference=reference, id=image_id)


def _in_copied(item: CarriedState) -> Iterator[str]:
    if not may_hold_something(item.source) and may_hold_something(item.target):
        yield _("The old data is missing: {path}", path=item.source)


def _in_moved(item: CarriedState) -> Iterator[str]:
    if not item.target.exists() and not item.source.exists():
        yield _("Moved data is missing: {path}", path=item.target)
    elif item.target.exists() and may_hold_something(item.source):
        yield _("Another file is in the old place of moved data: {path}", path=item.source)


def _in_database(change: Change, database: PlannedDatabase) -> Iterator[str]:
    """Finds what prevents a restore: the backup must be intact and the current database running."""
    plan, service = change.plan, database.service
    if has_old_files(plan, database):
        return
    try:
        backup = read_backup(plan.backup_path(database))
        engine = engine_of_backup(backup)
        engine.verify_backup(backup)
        if not change.is_running(service):
            yield _(
                "The current database is not running, so it cannot be backed up: service {name}",
                name=service,
            )
        else:
            running = change.database_of(change.new, service)
            assert running is not None
            running.refuse_to_back_up(backups_folder(plan.release), leave_out_broken_views=True)
            yield from judge_series(engine, backup.server_version, running.facts().server_version)
    except AirlockError as problem:
        yield from (problem.happened, *problem.details)


def _in_old_volumes(change: Change, old: Compose, database: PlannedDatabase) -> Iterator[str]:
    """Finds volumes of a converted database that were deleted: Compose would create them, empty."""
    if database.conversion is None:
        return
    model = change.model_of(old)
    service = model.services.get(database.service)
    names = (
        [model.volumes[one.source] for one in service.mounts if one.source in model.volumes]
        if service
        else []
    )
    for name in names:
        if change.engine.volume(name) is None:
            yield _("The volume with the old data is missing: {name}", name=name)


def judge_series(engine: DatabaseEngine, before: str, today: str) -> Iterator[str]:
    """Compares the versions that the servers report: a tag such as `10` or `lts` names none."""
    if not engine.keeps_files(engine.series_of_version(before), engine.series_of_version(today)):
        yield _(
            "The newer server changed the files, and no copy of them is left: {old} cannot read them.",
            old=before,
        )
