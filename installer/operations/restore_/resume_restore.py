"""Continues a restore that a crash or a person interrupted, from what the database and this host hold."""

from dataclasses import dataclass, replace
from pathlib import Path

from installer.database.door.running_database import Database
from installer.database.records.backup_record import Backup
from installer.errors import Refused, UsageProblem
from installer.operations.backups.choose_backup import choose_backup
from installer.operations.plan.restore_plan import (
    RestorePlan,
    dump_restore_plan,
    parse_restore_plan,
    relative_to,
)
from installer.operations.release_directory import Site
from installer.operations.restore_.carry_out_restore import carry_out_restore
from installer.operations.restore_.plan_restore import digest_of, path_of
from installer.operations.restore_.restoration import Restoration, may_be_touched
from installer.operations.way_back.standing_of_restore import where_restore_stands
from installer.operations.way_back.unfinished_runs import RESUME_RESTORE, unfinished_restore
from installer.system.files.files import write_atomically
from installer.text import _
from installer.workflow.journal import PLAN, Journal


@dataclass(frozen=True)
class ResumeRequest:
    """Describes the request. `name` is another backup to restore instead, or None; `is_unproven` as there."""

    name: str | None
    identity: Path | None
    is_unproven: bool
    health_seconds: float


def resume_restore(site: Site, request: ResumeRequest) -> None:
    """Carries out what is left of a restore; returns when the services that ran before run again.

    Each step is found done by looking at database and host. Raises the errors of `restore_backup`.
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
    run = Restoration(
        plan, journal, site, request.health_seconds, is_touched=may_be_touched(journal), prepared=None
    )
    if run.is_replaced:
        _refuse_another_choice(run, request)
        return run
    database = run.running_database()
    _refuse_another_database(plan, database)
    chosen = _chosen(site, plan, request)
    _refuse_without_key(chosen, request)
    plan = _plan_of(site, plan, chosen, is_unproven=request.is_unproven or plan.is_unproven)
    prepared = database.prepare_restore(
        chosen, site.console, identity=request.identity, create_database=plan.create_database
    )
    prepared.refuse_obstacles(None)
    if plan != run.plan:
        write_atomically(journal.folder / PLAN, dump_restore_plan(plan))
    return replace(run, plan=plan, prepared=prepared)


def _chosen(site: Site, plan: RestorePlan, request: ResumeRequest) -> Backup | Path:
    """Returns the backup of the plan, unchanged since; or the one that the request names."""
    if request.name is not None:
        return choose_backup(site.backups_folder(), request.name, unproven=request.is_unproven)
    path = plan.backup_path(site.release)
    chosen = choose_backup(path.parent, path.name, unproven=request.is_unproven or plan.is_unproven)
    if digest_of(chosen) != plan.sha256:
        raise Refused(
            _("{path} was changed since the restore began.", path=path),
            hint=_("Continue with another backup, or with this one: {resume} BACKUP", resume=RESUME_RESTORE),
        )
    return chosen


def _plan_of(site: Site, plan: RestorePlan, chosen: Backup | Path, *, is_unproven: bool) -> RestorePlan:
    return replace(
        plan,
        backup=relative_to(path_of(chosen), site.release),
        sha256=digest_of(chosen),
        is_unproven=is_unproven,
        is_encrypted=isinstance(chosen, Backup) and chosen.is_encrypted,
    )


def _refuse_another_choice(run: Restoration, request: ResumeRequest) -> None:
    if request.name is not None:
        raise UsageProblem(
            _("The content of {name} is restored already.", name=run.plan.backup_path(run.site.release).name),
            hint=_("Run: {resume}; then restore the other backup.", resume=RESUME_RESTORE),
        )


def _refuse_another_database(plan: RestorePlan, database: Database) -> None:
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
