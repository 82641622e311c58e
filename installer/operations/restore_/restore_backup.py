"""Restores a backup, or several together: asks, plans, and carries the plan out with a journal."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from installer.database.dumps.safety_backup import NoSafetyBackup, for_safety
from installer.operations.plan.labels import labelled
from installer.operations.plan.restore_plan import RESTORE, RestorePlan, dump_restore_plan, run_name
from installer.operations.release_directory import Site
from installer.operations.restore_.carry_out_restore import carry_out_restore
from installer.operations.restore_.choose_sources import choose_sources
from installer.operations.restore_.plan_restore import Chosen, plan_restore
from installer.operations.restore_.restoration import restoration_of
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
    """Describes the request: `names` is empty for the newest backups, `identity` the file with the key.

    `database` is the service, if the release has several and only one of them is meant.
    """

    names: tuple[str, ...]
    identity: Path | None
    is_unproven: bool
    makes_safety_backup: bool
    health_seconds: float
    database: str | None = None


def restore_backup(site: Site, request: RestoreRequest) -> None:
    """Restores backups as one run; returns when the services that ran before run again.

    Of several databases either all are restored, or none. Raises `Refused`, `AnotherRunActive` while nothing
    is changed; afterwards `FailedAndRestored`, `Interrupted` or `Stuck`.
    """
    with changing(site, RESTORE):
        chosen = _chosen(site, request)
        _confirm(site, chosen, request)
        _refuse_obstacles(site, chosen, request)
        plan = plan_restore(
            site,
            chosen,
            now=_own_second(site.release),
            is_unproven=request.is_unproven,
            makes_safety_backup=request.makes_safety_backup,
        )
        journal = _open_journal(site.release, plan)
        prepared = [one.prepared for one in chosen]
        carry_out_restore(restoration_of(plan, journal, site, request.health_seconds, prepared))


def _chosen(site: Site, request: RestoreRequest) -> tuple[Chosen, ...]:
    chosen = []
    sources = choose_sources(site, request.names, request.database, unproven=request.is_unproven)
    for service, source in sources:
        database = site.database(service)
        prepared = database.prepare_restore(source, site.console, identity=request.identity)
        chosen.append(Chosen(site.label_of(service), database, source, prepared))
    return tuple(chosen)


def _confirm(site: Site, chosen: Sequence[Chosen], request: RestoreRequest) -> None:
    names = ", ".join(labelled(one.label, one.database.name) for one in chosen)
    if not request.makes_safety_backup:
        site.console.warn(
            _("Without a safety backup, all current data in {database} will be LOST.", database=names)
        )
    site.console.expect_yes(
        _question(site, chosen), hint=_("To skip the question, run: ./airlock restore --yes")
    )


def _question(site: Site, chosen: Sequence[Chosen]) -> str:
    """Returns the question about the only backup, or about all after a line for each."""
    if len(chosen) == 1:
        [one] = chosen
        return _(
            "Replace all data in {database} with {name}?", database=one.database.name, name=one.prepared.name
        )
    site.console.say(_("These databases are restored together, in this order:"))
    for one in chosen:
        site.console.say("  " + labelled(one.label, f"{one.prepared.name} → {one.database.name}"))
    return _("Replace all their data?")


def _refuse_obstacles(site: Site, chosen: Sequence[Chosen], request: RestoreRequest) -> None:
    """Raises `Refused`; where a safety backup cannot be made, with the names of all that is restored."""
    names = " ".join(one.prepared.name for one in chosen)
    for one in chosen:
        try:
            one.prepared.refuse_obstacles(site.backups_folder() if request.makes_safety_backup else None)
        except NoSafetyBackup:
            with for_safety(names):
                raise


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
