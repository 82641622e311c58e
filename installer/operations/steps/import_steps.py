"""Defines steps 6 to 12 of an import, each beside its undo. Nothing on this host changes before them."""

import os
from collections.abc import Sequence
from pathlib import Path

from installer.bundle.sql.migrations import Migration, read_migrations
from installer.database.door.running_database import Database
from installer.database.records.known_migrations import known_migrations
from installer.database.values.problems import MigrationStopped
from installer.errors import Failed
from installer.operations.carry.carry_adaptations import carry_adaptations, carry_adaptations_back
from installer.operations.carry.carry_state import carry_back, carry_state
from installer.operations.carry.missing_folders import make_missing_folders
from installer.operations.carry.settings_back import take_settings_back
from installer.operations.images.tags import point_tags_at_new, point_tags_back
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.services.change_context import DATABASE_STOP_SECONDS, Change
from installer.operations.services.health import words_of
from installer.operations.services.leftover_containers import remove_ended_jobs
from installer.operations.services.smoke import smoke_check
from installer.operations.services.smoke_url import smoke_url
from installer.operations.services.starting import start_new, stopping
from installer.operations.snapshot.snapshot import take_snapshot
from installer.operations.steps.old_release_again import restore_old_data, start_old_release
from installer.operations.steps.same_database import expect_same_database
from installer.operations.steps.take_down import clear_snapshot, take_down
from installer.site.files.project_name import add_project_name, remove_project_name
from installer.site.paths import backups_folder, env_path, record_path, runs_folder
from installer.site.release_record import ReleaseRecord, record_release
from installer.system.clock import utc_now
from installer.system.docker.data_stores import no_database
from installer.text import _, ngettext
from installer.workflow.step import Step

START_SERVICES = "start-services"
RECORD = "record"


def set_aside_folder(plan: ImportPlan) -> Path:
    """Returns the folder in which a rollback keeps what the new release wrote."""
    return runs_folder(plan.release) / plan.run_name / "discarded"


def import_steps(change: Change) -> tuple[Step, ...]:
    """Returns the steps that change this host, in order."""
    return (
        Step(
            "stop-services",
            _("Stop the old release's services"),
            do=lambda: _stop_services(change),
            undo=lambda: _start_old_services(change),
        ),
        Step(
            "back-up",
            _("Back up the database, verify the backup, stop the database"),
            do=lambda: _back_up(change),
        ),
        Step(
            "carry-over",
            _("Take down the old containers, carry over settings and data"),
            do=lambda: _carry_over(change),
            undo=lambda: _carry_back(change),
        ),
        Step(
            "start-database",
            _("Start the new database"),
            do=lambda: _start_database(change),
            undo=lambda: take_down(change),
        ),
        Step(
            "migrate",
            _("Apply the migrations"),
            do=lambda: _migrate(change),
            undo=lambda: restore_old_data(change),
        ),
        Step(
            START_SERVICES,
            _("Start all services and check them"),
            do=lambda: _start_services(change),
            undo=lambda: _stop_new_services(change),
        ),
        Step(
            RECORD,
            _("Record the release"),
            do=lambda: _record(change),
            undo=lambda: record_path(change.plan.release).unlink(missing_ok=True),
        ),
    )


def _stop_services(change: Change) -> str:
    old, previous = change.old, change.plan.previous
    if old is None or previous is None:
        return _("no release is running yet")
    services = tuple(name for name in previous.running_services if name != change.plan.database)
    if services:
        with change.console.waiting(stopping(services)):
            old.stop(services)
    return _("stopped: {services}", services=", ".join(services) or "-")


def _start_old_services(change: Change) -> None:
    start_old_release(change)
    clear_snapshot(change)
    take_settings_back(change.plan, set_aside_folder(change.plan), keeps_all=change.sets_aside)


def _kept_in(change: Change) -> Path | None:
    return set_aside_folder(change.plan) if change.sets_aside else None


def _back_up(change: Change) -> str:
    old, previous, database = change.old, change.plan.previous, change.plan.database
    if old is None or previous is None or database is None or database not in previous.running_services:
        return no_database(change.new_model) if database is None else _("no database to back up")
    running = change.database_of(old)
    assert running is not None
    folder = backups_folder(change.plan.release)
    folder.mkdir(mode=0o700, exist_ok=True)
    backup = running.back_up(
        folder,
        reason="before_migration",
        now=change.plan.started_at,
        console=change.console,
        known_migrations=known_migrations(previous.directory),
    )
    _stop_database(change, database)
    snapshot = change.plan.snapshot
    if snapshot is None:
        return str(backup.path.relative_to(change.plan.release))
    take_snapshot(snapshot, change.engine, change.plan.project)
    return _("{backup}, and a copy of the files", backup=backup.path.relative_to(change.plan.release))


def _stop_database(change: Change, service: str) -> None:
    assert change.old is not None
    with change.console.waiting(stopping((service,))):
        change.old.stop((service,), timeout_seconds=DATABASE_STOP_SECONDS)
    container = change.container_of(service)
    if container.exit_code != 0:
        raise Failed(
            _("The database did not stop cleanly (exit code {code}).", code=container.exit_code),
            details=words_of(change.engine, container),
        )


def _carry_over(change: Change) -> str:
    if change.old is not None:
        remove_ended_jobs(change, change.old)
        change.old.down()
    point_tags_at_new(change.engine, change.manifest)
    with change.console.waiting(_("Carrying over the data")):
        carry_state(change.plan)
    carry_adaptations(change.plan, change.manifest)
    make_missing_folders(change.plan.release, change.new_model)
    if change.plan.project != change.manifest.application.project:
        add_project_name(env_path(change.plan.release), change.plan.project)
    return _carried(change.plan)


def _carried(plan: ImportPlan) -> str:
    copied = len([item for item in plan.state if item.is_copied])
    moved = len(plan.state) - copied
    parts = []
    if moved:
        parts.append(ngettext("{count} folder moved", "{count} folders moved", moved))
    if copied or not moved:
        parts.append(ngettext("{count} folder copied", "{count} folders copied", copied))
    return ", ".join(parts)


def _carry_back(change: Change) -> None:
    plan = change.plan
    carry_adaptations_back(plan, change.manifest, _kept_in(change))
    carry_back(plan, kept_in=_kept_in(change))
    remove_project_name(env_path(plan.release), plan.project)
    point_tags_back(change.engine, plan.references_before)


def _start_database(change: Change) -> str:
    if change.plan.database is None:
        return no_database(change.new_model)
    start_new(change, (change.plan.database,), alone=True)
    change.wait_for((change.plan.database,))
    database = change.database_of(change.new)
    if database is None or not change.plan.backup_path.exists():
        return _("healthy")
    expect_same_database(change, database)
    return _("healthy, with the data of the backup")


def _migrate(change: Change) -> str:
    folder, database = change.migrations_folder(), change.database_of(change.new)
    if folder is None or database is None:
        return _("no migrations in the package")
    applied = _deployed(database, read_migrations(folder), change)
    return ngettext("{count} migration applied", "{count} migrations applied", len(applied))


def _deployed(database: Database, migrations: Sequence[Migration], change: Change) -> tuple[str, ...]:
    try:
        return database.deploy(migrations, change.console, planned=change.plan.pending)
    except MigrationStopped as failure:  # its hint is for migrations by hand; here undo follows
        raise Failed(failure.happened, details=failure.details) from failure


def _start_services(change: Change) -> str:
    start_new(change)
    change.wait_for(tuple(change.new_model.services))
    smoke = change.manifest.smoke
    if smoke is None:
        return _("all healthy")
    url = smoke_url(smoke.url, change.new)
    with change.console.waiting(_("Waiting until {url} answers", url=url)):
        smoke_check(smoke, url, change.plan.version, deadline_seconds=change.deadline_seconds)
    return _("all healthy, {url} answers", url=url)


def _stop_new_services(change: Change) -> None:
    services = tuple(name for name in change.new_model.services if name != change.plan.database)
    if services:
        change.new.stop(services)


def _record(change: Change) -> str:
    plan = change.plan
    record = ReleaseRecord(
        application=change.manifest.application.name,
        version=plan.version,
        project=plan.project,
        installed_at=utc_now().isoformat(timespec="seconds"),
        run=plan.run_name,
        previous_version=plan.previous.version if plan.previous else None,
        previous_directory=os.path.relpath(plan.previous.directory, plan.release) if plan.previous else None,
    )
    record_release(plan.release, record)
    return str(record_path(plan.release).relative_to(plan.release))
