"""Starts the new release's databases alone, and checks that they are those that were backed up."""

from collections.abc import Iterator
from pathlib import Path

from installer.operations.carry.set_aside_volume import set_aside_name, set_volume_aside
from installer.operations.decisions.situation_of_change import situation_of
from installer.operations.decisions.unserved_lines import stores_of
from installer.operations.plan.step_names import START_DATABASE
from installer.operations.proof.same_database import expect_same_database
from installer.operations.proof.state_at_stop import is_backup
from installer.operations.services.change_context import DATABASE_STOP_SECONDS, Change
from installer.operations.services.leftover_containers import remove_jobs_of_release
from installer.operations.services.start_services import start_new
from installer.operations.steps.migrate_new import is_migrated
from installer.system.docker.data_stores import no_database
from installer.text import _
from installer.workflow.step import Step


def start_new_database(change: Change) -> Step:
    """Returns step 9. Its undo leaves none of the new release's containers."""
    return Step(
        START_DATABASE,
        _("Start the new database"),
        do=lambda: _start(change),
        undo=lambda: _take_down(change),
    )


def _start(change: Change) -> str:
    services = change.plan.database_services
    if not services:
        return no_database(stores_of(situation_of(change)))
    start_new(change, services, alone=True)
    change.wait_for(services, settle_seconds=0)  # it is compared at once
    compared = () if _was_passed(change) else tuple(_compared(change))
    if not compared:
        return _("healthy")
    if all(map(is_backup, compared)):
        return _("healthy, with the data of the backup")
    return _("healthy, with the tables and migrations of before")


def _compared(change: Change) -> Iterator[Path]:
    """Compares the databases with their backups, or with their states at the stop, and yields these."""
    for planned in change.plan.databases:
        proof = change.plan.proof_of(planned)
        database = change.database_of(change.new, planned.service)
        if database is not None and proof is not None:
            label = change.plan.label_of(planned.service)
            is_converted = planned.conversion is not None
            expect_same_database(proof, database, label, change.console, is_converted=is_converted)
            yield proof


def _was_passed(change: Change) -> bool:
    """Returns whether an earlier attempt went on from here: a database may differ from its backup now."""
    others = [one for one in change.new_containers() if one.service not in change.plan.database_services]
    return bool(others) or (change.plan.has_pending and is_migrated(change))


def _take_down(change: Change) -> None:
    """Removes the new release's containers and volumes; keeps data that may have been in use."""
    plan = change.plan
    if change.sets_aside and plan.databases:
        change.new.stop(plan.database_services, timeout_seconds=DATABASE_STOP_SECONDS)
    remove_jobs_of_release(change)
    if change.new_containers() or not change.old_containers():
        change.new.down()
    for volume in plan.created_volumes:
        if change.sets_aside and plan.previous is not None:
            set_volume_aside(volume, change.engine, set_aside_name(volume, plan))
        change.engine.remove_volume(volume)
