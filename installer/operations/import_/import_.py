"""Takes a release into operation on this host: twelve steps, and the undo of each."""

from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.operations.adaptations.choose_adaptations import NO_REQUEST, KeepRequest
from installer.operations.conversion.plan_conversions import plan_conversions
from installer.operations.conversion.try_new_servers import try_new_servers
from installer.operations.decisions.agreement import agreed
from installer.operations.decisions.look_around import look_around
from installer.operations.decisions.old_version import version_of
from installer.operations.decisions.pending import with_pending
from installer.operations.images.load_images import load_images, rehearse_loading
from installer.operations.import_.bring_python import bring_python
from installer.operations.import_.carry_out import TOTAL, OnFailure, carry_out, open_journal
from installer.operations.import_.closing_words import closing_words
from installer.operations.package.verify import verify_directory
from installer.operations.plan.import_plan import BackupChoice, Situation, SnapshotChoice, StateMode
from installer.operations.preflight.database.other_databases import other_databases
from installer.operations.preflight.findings.surroundings import look_at_surroundings
from installer.operations.preflight.preflight import host_facts, refuse_unserved_engine, run_preflight
from installer.operations.rehearsal.estimate_outage import with_outage
from installer.operations.rehearsal.rehearsal_step import RehearseMode, rehearse_before_import
from installer.operations.services.change_context import Change
from installer.operations.services.engine_returns import with_engine
from installer.operations.services.keep_old_release import keep_old_release, keeping_old_release
from installer.operations.services.old_smoke import old_smoke_problem
from installer.operations.services.sweep_files import sweep_files
from installer.operations.services.sweep_rehearsals import sweep_rehearsals
from installer.operations.snapshot.backup_time import choose_backup_time
from installer.operations.snapshot.snapshot_choice import choose_snapshot
from installer.operations.way_back.unfinished_runs import refuse_unfinished_neighbours
from installer.screen.console import Console
from installer.site.files.lent_settings import BorrowedSettings, borrowed_settings
from installer.site.release_record import read_record
from installer.system.docker.docker import Engine, site_name
from installer.text import _
from installer.workflow.lock import site_lock


@dataclass(frozen=True)
class ImportRequest:
    """Describes the request. `release` is an unpacked package, `package` may hold its images."""

    release: Path
    package: Path | None
    from_directory: Path | None
    state_mode: StateMode
    snapshot: SnapshotChoice
    rehearse: RehearseMode
    on_failure: OnFailure
    dry_run: bool
    health_seconds: float
    keep: KeepRequest = NO_REQUEST
    accept_changed_values: bool = False
    backup: BackupChoice = "auto"


def import_release(request: ImportRequest, console: Console) -> None:
    """Imports a release; returns when it is in operation, was already, or the dry run is shown.

    Raises `BadPackage`, `Refused` or `AnotherRunActive` before anything has changed; afterwards
    `FailedAndRestored`, `Interrupted` or `Stuck`.
    """
    with console.step(1, TOTAL, _("Verify the package")):
        manifest = verify_directory(request.release, console)
    engine = Engine.connect()
    refuse_unserved_engine(engine, request.release)
    site = site_name(engine, manifest.application.project)
    with site_lock(site, "import"), borrowed_settings(request.release, console.warn) as settings:
        sweep_rehearsals(engine, manifest.application.project)
        sweep_files(request.release)
        refuse_unfinished_neighbours(request.release, manifest.application.name)
        situation = _find_out(request, manifest, engine, settings, console)
        if _is_installed(situation):
            console.say(_("{title} {version} is installed here already.", **_names(manifest)))
        elif agreed(situation, console, dry_run=request.dry_run, accepts=request.accept_changed_values):
            keep_old_release(situation.plan, engine, console)
            bring_python(situation, console)
            journal = open_journal(situation)
            settings.keep()
            change = Change(situation.plan, engine, console, request.health_seconds)
            carry_out(change, journal, request.on_failure)
            closing_words(situation, console)


def _find_out(
    request: ImportRequest, manifest: Manifest, engine: Engine, settings: BorrowedSettings, console: Console
) -> Situation:
    """Runs steps 2 to 5: finds everything that can be known while the old release is running."""
    with console.step(2, TOTAL, _("Find the existing installation and plan")) as outcome:
        situation = look_around(
            manifest,
            engine,
            request.release,
            settings,
            from_directory=request.from_directory,
            state_mode=request.state_mode,
            keep=request.keep,
        )
        outcome(_found(situation))
    situation = replace(situation, package=request.package)
    if situation.installation is not None:
        refuse_unfinished_neighbours(situation.installation.directory, manifest.application.name)
    if _is_installed(situation):
        return situation
    with keeping_old_release(situation.plan, engine, console):
        return _prepare(request, manifest, situation, engine, console)


def _prepare(
    request: ImportRequest, manifest: Manifest, situation: Situation, engine: Engine, console: Console
) -> Situation:
    """Runs steps 3 to 5."""
    plan = situation.plan
    with console.step(3, TOTAL, _("Preflight")):
        around = look_at_surroundings(situation, engine)
        around = replace(around, situation=plan_conversions(around))
        situation = _with_old_smoke(choose_snapshot(around, request.snapshot))
        situation = replace(situation, other_databases=other_databases(situation))
        findings = run_preflight(replace(around, situation=situation), console)
        situation = replace(situation, host_facts=host_facts(around, findings))
    with console.step(4, TOTAL, _("Load the images")) as outcome:
        load = rehearse_loading if request.dry_run else load_images
        outcome(
            with_engine(
                lambda: load(engine, manifest, request.release, request.package, console),
                engine.answers,
                console,
                lambda: keep_old_release(plan, engine, console),
            )
        )
    situation = try_new_servers(replace(around, situation=situation), request.snapshot, console)
    situation = choose_backup_time(replace(around, situation=situation), request.backup, console)
    with console.step(5, TOTAL, _("Rehearse the migrations on a copy")) as outcome:
        situation = replace(situation, plan=with_pending(situation))
        result = rehearse_before_import(request.rehearse, situation, engine, console)
        outcome(result.words)
    plan = replace(situation.plan, rehearsal=result.words)
    return with_outage(replace(situation, plan=plan, silent_changes=result.silent), result.downtimes)


def _with_old_smoke(situation: Situation) -> Situation:
    """Adds whether the old release answers now: a rollback is compared with that."""
    installation, previous = situation.installation, situation.plan.previous
    if installation is None or previous is None:
        return situation
    problem = old_smoke_problem(installation.compose, deadline_seconds=0)
    return replace(situation, plan=replace(situation.plan, previous=replace(previous, smoke_problem=problem)))


def _found(situation: Situation) -> str:
    installation = situation.installation
    if installation is None:
        return _("none: this is a fresh installation")
    version = version_of(installation)
    return _("{version} in {directory}", version=version, directory=installation.directory)


def _is_installed(situation: Situation) -> bool:
    installation, record = situation.installation, read_record(situation.plan.release)
    return (
        record is not None
        and installation is not None
        and record.version == situation.manifest.application.version
        and installation.is_in(situation.plan.release)
    )


def _names(manifest: Manifest) -> dict[str, str]:
    return {"title": manifest.application.title, "version": manifest.application.version}
