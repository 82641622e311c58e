"""Restores a backup: asks, plans, and carries the plan out with a journal."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from installer.database.door.prepared_restore import PreparedRestore
from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup
from installer.errors import UsageProblem
from installer.operations.backups.choose_backup import choose_backup
from installer.operations.plan.restore_plan import RESTORE, RestorePlan, dump_restore_plan, run_name
from installer.operations.release_directory import Site
from installer.operations.restore_.carry_out_restore import carry_out_restore
from installer.operations.restore_.plan_restore import plan_restore
from installer.operations.restore_.restoration import Restoration
from installer.operations.services.who_runs import facts_of_run
from installer.operations.way_back.changing_site import changing
from installer.site.paths import runs_folder
from installer.system.clock import utc_now
from installer.system.files.files import sync_filesystem, writable
from installer.text import _
from installer.workflow.journal import Journal, begin_run

POLL_SECONDS = 0.1


@dataclass(frozen=True)
class RestoreRequest:
    """Describes the request: `name` is None for the newest backup, `identity` the file with the key.

    `database` is the service, if the release has several and the backup does not say which one.
    """

    name: str | None
    identity: Path | None
    is_unproven: bool
    makes_safety_backup: bool
    health_seconds: float
    database: str | None = None


def restore_backup(site: Site, request: RestoreRequest) -> None:
    """Restores a backup; returns when the services that ran before run again.

    Raises `Refused`, `AnotherRunActive` while nothing is changed; afterwards `FailedAndRestored`,
    `Interrupted` or `Stuck`.
    """
    with changing(site, RESTORE):
        chosen, service = _chosen(site, request)
        database = site.database(service)
        prepared = database.prepare_restore(chosen, site.console, identity=request.identity)
        _confirm(site, database, prepared, request)
        prepared.refuse_obstacles(site.backups_folder() if request.makes_safety_backup else None)
        plan = _plan(site, database, chosen, prepared, request, site.label_of(service))
        journal = _open_journal(site.release, plan)
        carry_out_restore(
            Restoration(plan, journal, site, request.health_seconds, is_touched=False, prepared=prepared)
        )


def _chosen(site: Site, request: RestoreRequest) -> tuple[Backup | Path, str]:
    """Returns the backup, and the service of the database that it is of."""
    folder, is_unproven = site.backups_folder(), request.is_unproven
    if request.name is None:
        service = site.only_database(request.database).service
        return choose_backup(folder, None, unproven=is_unproven, labels=site.labels_of(service)), service
    chosen = choose_backup(folder, request.name, unproven=is_unproven)
    service = chosen.service if isinstance(chosen, Backup) else ""
    if service and request.database not in (None, service):
        raise UsageProblem(_("The backup is of another database: {database}.", database=service))
    return chosen, site.only_database(request.database or service or None).service


def _confirm(site: Site, database: Database, prepared: PreparedRestore, request: RestoreRequest) -> None:
    if not request.makes_safety_backup:
        site.console.warn(
            _("Without a safety backup, all current data in {database} will be LOST.", database=database.name)
        )
    question = _("Replace all data in {database} with {name}?", database=database.name, name=prepared.name)
    site.console.expect_yes(question, hint=_("To skip the question, run: ./airlock restore --yes"))


def _plan(
    site: Site,
    database: Database,
    chosen: Backup | Path,
    prepared: PreparedRestore,
    request: RestoreRequest,
    label: str,
) -> RestorePlan:
    return plan_restore(
        site,
        database,
        chosen,
        prepared,
        label=label,
        now=_own_second(site.release),
        is_unproven=request.is_unproven,
        makes_safety_backup=request.makes_safety_backup and database.has_schema(),
    )


def _own_second(release: Path) -> datetime:
    """Returns the time now, in a second in which no other restore began: runs and backups are named by it."""
    while (runs_folder(release) / run_name(now := utc_now())).exists():
        time.sleep(POLL_SECONDS)
    return now


def _open_journal(release: Path, plan: RestorePlan) -> Journal:
    with writable(release):
        sync_filesystem(release)
        return begin_run(
            runs_folder(release),
            plan.run_name,
            dump_restore_plan(plan),
            verb=RESTORE,
            facts=facts_of_run(),
        )
