"""Estimates the outage of an import by what was measured on this host: in rehearsals and earlier imports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import ImportPlan, Situation
from installer.operations.plan.planned_outage import Outage
from installer.operations.plan.step_names import START_DATABASE, START_SERVICES, STOP_SERVICES
from installer.operations.preflight.database.database_bytes import database_sizes
from installer.operations.rehearsal.downtime import Downtime
from installer.site.paths import runs_folder
from installer.site.starting.health import SETTLE_SECONDS
from installer.system.files.files import size_of_tree
from installer.system.files.live_tree import paths_below
from installer.system.files.shared_blocks import shares_blocks
from installer.workflow.durations import seconds_of
from installer.workflow.journal import Event, runs_in

STOP_SECONDS = 0.5  # of services that end when they are told to, where no earlier upgrade measured it
TAKE_DOWN_SECONDS = 1.0  # removing containers and networks
SMALL_BACKUP_SECONDS = 1.0
DUMPED_BYTES_PER_SECOND = 20 * 1024**2
COMPARED_BYTES_PER_SECOND = 1024**3
LOOKED_AT_PER_SECOND = 20_000  # files
MINUTE = 60


def with_outage(situation: Situation, rehearsed: Mapping[str, Downtime]) -> Situation:
    """Adds the estimated outage to the plan; none where no release runs."""
    plan = situation.plan
    if plan.previous is None or not plan.previous.running_services:
        return situation
    before = _events_before(plan)
    stop, start = seconds_of(before, STOP_SERVICES), seconds_of(before, START_SERVICES)
    outage = Outage(
        stop=STOP_SECONDS if stop is None else stop,
        backup=sum(_backup_seconds(situation, rehearsed)),
        copy=TAKE_DOWN_SECONDS + sum(_copy_seconds(plan)),
        database=_database_seconds(plan, rehearsed, before),
        migrations=_migration_seconds(plan, rehearsed),
        services=None if start is None else max(0.0, start - SETTLE_SECONDS),
    )
    return replace(situation, plan=replace(plan, outage=outage))


def _events_before(plan: ImportPlan) -> tuple[Event, ...]:
    """Returns the journal of the import that took the old release into operation."""
    assert plan.previous is not None
    runs = runs_in(runs_folder(plan.previous.directory), "import")
    done = next((run for run in runs if run.end() == "done"), None)
    return done.events() if done is not None else ()


def _backup_seconds(situation: Situation, rehearsed: Mapping[str, Downtime]) -> Iterator[float]:
    """Yields the seconds for each database that is backed up or converted between stop and start."""
    for live in old_databases(situation):
        planned = situation.plan.database(live.service.name)
        if planned.conversion is not None:
            yield MINUTE * planned.conversion.minutes
        if planned.kept_files is None:
            sampled = rehearsed[planned.service].backup_seconds if planned.service in rehearsed else None
            data_bytes = database_sizes(live)[0]
            yield sampled or SMALL_BACKUP_SECONDS + data_bytes / DUMPED_BYTES_PER_SECOND


def _copy_seconds(plan: ImportPlan) -> Iterator[float]:
    """Yields the seconds to compare each copy that is made ahead with what is there when the services end."""
    pairs = [(one.source, one.target, bool(one.databases)) for one in plan.state if one.is_copied]
    pairs += [(snapshot.live, snapshot.holder, True) for snapshot in plan.copied_files]
    for source, target, is_database in pairs:
        if shares_blocks(source, target):
            continue
        if is_database:
            yield size_of_tree(source) / COMPARED_BYTES_PER_SECOND
        else:
            yield sum(1 for _path in paths_below(source)) / LOOKED_AT_PER_SECOND


def _database_seconds(
    plan: ImportPlan, rehearsed: Mapping[str, Downtime], before: Sequence[Event]
) -> float | None:
    if not plan.databases:
        return 0.0
    if rehearsed:
        return max(one.start_seconds for one in rehearsed.values())
    return seconds_of(before, START_DATABASE)


def _migration_seconds(plan: ImportPlan, rehearsed: Mapping[str, Downtime]) -> float | None:
    if not plan.has_pending:
        return 0.0
    return sum(one.migrations_seconds for one in rehearsed.values()) if rehearsed else None
