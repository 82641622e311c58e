"""Continues a restore that a crash or a person interrupted, from what the databases and this host hold."""

from dataclasses import dataclass, replace
from pathlib import Path

from installer.database.door.prepared_restore import PreparedRestore
from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup
from installer.errors import Refused, UsageProblem
from installer.operations.backups.choose_backup import choose_backup
from installer.operations.plan.restore_plan import (
    PlannedRestore,
    RestorePlan,
    dump_restore_plan,
    parse_restore_plan,
    relative_to,
)
from installer.operations.release_directory import Site
from installer.operations.restore_.carry_out_restore import carry_out_restore
from installer.operations.restore_.choose_sources import source_called, two_of_one
from installer.operations.restore_.plan_restore import digest_of, path_of
from installer.operations.restore_.restoration import DatabaseRestoration, Restoration, restoration_of
from installer.operations.way_back.standing_of_restore import where_restore_stands
from installer.operations.way_back.unfinished_runs import RESUME_RESTORE, unfinished_restore
from installer.system.files.files import write_atomically
from installer.text import _
from installer.workflow.journal import PLAN, Journal


@dataclass(frozen=True)
class ResumeRequest:
    """Describes the request. `names` are other backups to restore instead; `is_unproven` as there.

    `database` is the service that they are of, if the release has several and they do not say which one.
    """

    names: tuple[str, ...]
    identity: Path | None
    is_unproven: bool
    health_seconds: float
    database: str | None = None


def resume_restore(site: Site, request: ResumeRequest) -> None:
    """Carries out what is left of a restore; returns when the services that ran before run again.

    Each step is found done by looking at databases and host. Raises the errors of `restore_backup`.
    """
    with site.locked("restore --resume"):
        journal = unfinished_restore(site.release)
        if journal is None:
            raise Refused(
                _("There is no restore to resume in this directory."),
                details=[_("Looked in: {path}", path=site.release)],
                hint=_("To restore a backup, run: ./airlock restore"),
            )
        for line in where_restore_stands(journal, site):
            site.console.say(line)
        run = _prepared(site, journal, request)
        carry_out_restore(run, resumes=True)


def _prepared(site: Site, journal: Journal, request: ResumeRequest) -> Restoration:
    plan = parse_restore_plan(journal.plan())
    run = restoration_of(plan, journal, site, request.health_seconds)
    others = _others(site, plan, request)
    planned, prepared = [], []
    for database in run.databases:
        one, ready = _continued(database, others.get(database.plan.service), request)
        planned.append(one)
        prepared.append(ready)
    now = replace(plan, databases=tuple(planned))
    if now != plan:
        write_atomically(journal.folder / PLAN, dump_restore_plan(now))
    return restoration_of(now, journal, site, request.health_seconds, prepared)


def _others(site: Site, plan: RestorePlan, request: ResumeRequest) -> dict[str, Backup | Path]:
    """Returns the backups that the request names, by the service of the plan's database."""
    found: dict[str, Backup | Path] = {}
    for name in request.names:
        service, chosen = _called(site, plan, name, request)
        if service in found:
            raise two_of_one(service)
        found[service] = chosen
    return found


def _called(site: Site, plan: RestorePlan, name: str, request: ResumeRequest) -> tuple[str, Backup | Path]:
    services = [one.service for one in plan.databases]
    if len(services) == 1:
        return services[0], choose_backup(site.backups_folder(), name, unproven=request.is_unproven)
    service, chosen = source_called(site, name, request.database, unproven=request.is_unproven)
    if service not in services:
        raise UsageProblem(_("The backup is of another database: {database}.", database=service))
    return service, chosen


def _continued(
    run: DatabaseRestoration, other: Backup | Path | None, request: ResumeRequest
) -> tuple[PlannedRestore, PreparedRestore | None]:
    """Returns the plan of a database, with the backup that is restored now, ready to be loaded."""
    if run.is_replaced:
        _refuse_another_choice(run, other)
        return run.plan, None
    database = run.running_database()
    _refuse_another_database(run.plan, database)
    chosen = other if other is not None else _as_planned(run, request)
    _refuse_without_key(chosen, request)
    planned = replace(
        run.plan,
        backup=relative_to(path_of(chosen), run.site.release),
        sha256=digest_of(chosen),
        is_unproven=request.is_unproven or run.plan.is_unproven,
        is_encrypted=isinstance(chosen, Backup) and chosen.is_encrypted,
    )
    prepared = database.prepare_restore(
        chosen, run.console, identity=request.identity, create_database=planned.create_database
    )
    prepared.refuse_obstacles(None)
    return planned, prepared


def _as_planned(run: DatabaseRestoration, request: ResumeRequest) -> Backup | Path:
    """Returns the backup of the plan, unchanged since."""
    path = run.plan.backup_path(run.site.release)
    chosen = choose_backup(path.parent, path.name, unproven=request.is_unproven or run.plan.is_unproven)
    if digest_of(chosen) != run.plan.sha256:
        raise Refused(
            _("{path} was changed since the restore began.", path=path),
            hint=_("Continue with another backup, or with this one: {resume} BACKUP", resume=RESUME_RESTORE),
        )
    return chosen


def _refuse_another_choice(run: DatabaseRestoration, other: Backup | Path | None) -> None:
    if other is not None:
        raise UsageProblem(
            _("The content of {name} is restored already.", name=run.plan.backup_path(run.site.release).name),
            hint=_("Run: {resume}; then restore the other backup.", resume=RESUME_RESTORE),
        )


def _refuse_another_database(plan: PlannedRestore, database: Database) -> None:
    if database.name != plan.database:
        raise Refused(
            _("The interrupted restore was of another database: {database}.", database=plan.database),
            details=[_("This database is {database}.", database=database.name)],
        )


def _refuse_without_key(chosen: Backup | Path, request: ResumeRequest) -> None:
    if isinstance(chosen, Backup) and chosen.is_encrypted and request.identity is None:
        raise Refused(
            _("The backup {name} is encrypted.", name=chosen.path.name),
            details=[_("It was encrypted to: {names}", names=", ".join(chosen.recipients))],
            hint=_("Specify the file with the key: {resume} --identity KEYFILE", resume=RESUME_RESTORE),
        )
