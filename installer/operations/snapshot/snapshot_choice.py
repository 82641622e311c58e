"""Decides how a rollback restores each database, and why: from its files in seconds, or from its backup."""

from collections.abc import Iterable
from dataclasses import replace

from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import ImportPlan, Situation, Snapshot, SnapshotChoice
from installer.operations.plan.labels import labelled
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.preflight.database.database_bytes import database_sizes
from installer.operations.preflight.database.disk import Need, needs_of
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.snapshot.snapshot_place import Impossible, Possible, place_for_snapshot
from installer.screen.console import size
from installer.system.files.files import filesystem_of, free_bytes
from installer.system.files.reserve import RESERVE_BYTES
from installer.system.files.shared_blocks import shares_blocks
from installer.text import _, ngettext

LOADED_BYTES_PER_MINUTE = 60 * 6 * 1024**2  # roughly, on two cores with usual server settings


def choose_snapshot(around: Surroundings, choice: SnapshotChoice) -> Situation:
    """Adds to the situation how a rollback restores each database, as plan and as text. Copies nothing yet.

    Raises `Refused` if the person wants a copy `always` and none can be made.
    """
    situation = around.situation
    for live in old_databases(situation):
        plan, words = _chosen(replace(around, situation=situation), live, choice)
        label = plan.label_of(live.service.name)
        situation = replace(situation, plan=plan, way_back=(*situation.way_back, labelled(label, words)))
    return situation


def _chosen(around: Surroundings, database: OldDatabase, choice: SnapshotChoice) -> tuple[ImportPlan, str]:
    plan, planned = around.situation.plan, around.situation.plan.database(database.service.name)
    if planned.conversion is not None:
        return plan, _by_kept_files(planned.snapshot, planned.conversion)
    if plan.keeps_old_files(planned):
        return plan, _("Rollback would take seconds: the old database's files stay as they are")
    if choice == "never":
        return plan, _by_backup(database, _("no copy of its files was requested"))
    found = place_for_snapshot(plan, database, around.engine)
    if isinstance(found, Possible):
        found = _with_room(found, around)
    if isinstance(found, Possible):
        return found.plan, _by_files(found, planned.service, around.bytes_below(found.live))
    if choice == "always":
        raise _refusal(found)
    return plan, _by_backup(database, found.reason)


def room_for_copy(copy_bytes: int, free: int, needs: Iterable[Need]) -> Impossible | None:
    """Returns why a copy does not fit beside the other `needs` on the same filesystem and the reserve."""
    wanted_bytes = copy_bytes + sum(need.size_bytes for need in needs) + RESERVE_BYTES
    if wanted_bytes <= free:
        return None
    return Impossible(
        _(
            "a copy of its files does not fit: {needed} needed, {free} free",
            needed=size(wanted_bytes),
            free=size(free),
        )
    )


def minutes_to_load(data_bytes: int) -> int:
    """Estimates how many minutes restoring a backup of this size takes."""
    return max(1, round(data_bytes / LOADED_BYTES_PER_MINUTE))


def _with_room(possible: Possible, around: Surroundings) -> Possible | Impossible:
    if shares_blocks(possible.live, possible.target):
        return possible
    filesystem = filesystem_of(possible.target)
    here = [need for need in needs_of(around) if filesystem_of(need.place) == filesystem]
    return room_for_copy(around.bytes_below(possible.live), free_bytes(possible.target), here) or possible


def _by_files(possible: Possible, service: str, live_bytes: int) -> str:
    values = {"path": possible.live, "size": size(live_bytes)}
    snapshot = possible.plan.database(service).snapshot
    if snapshot is None:
        return _(
            "Rollback would take seconds: the old database's files ({size}) are copied, not"
            " moved, and stay in {path}",
            **values,
        )
    if snapshot.volume is None:
        return _(
            "Rollback would take seconds: a copy of the database's files ({size}) is kept in {holder}",
            holder=snapshot.holder,
            **values,
        )
    return _(
        "Rollback would take seconds: a copy of the database's files ({size}) is kept in volume {name}",
        name=snapshot.volume,
        **values,
    )


def _by_kept_files(snapshot: Snapshot | None, conversion: Conversion) -> str:
    values = {"engine": conversion.engine, "before": conversion.before}
    if snapshot is None:
        return _("Rollback would take seconds: the files of {engine} {before} stay where they are", **values)
    return _(
        "Rollback would take seconds: the files of {engine} {before} are kept in {holder}",
        **values,
        holder=snapshot.holder,
    )


def _by_backup(database: OldDatabase, reason: str) -> str:
    data_bytes, _largest = database_sizes(database)
    return ngettext(
        "Rollback would take about {count} minute (restores the backup), because {reason}",
        "Rollback would take about {count} minutes (restores the backup), because {reason}",
        minutes_to_load(data_bytes),
        reason=reason,
    )


def _refusal(found: Impossible) -> Refused:
    return Refused(
        _("The database's files cannot be copied."),
        details=[found.reason],
        hint=_("Import with a rollback from the backup: --snapshot auto"),
    )
