"""Continues an import that a crash or a person interrupted, from what this host holds."""

from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.errors import Refused
from installer.operations.decisions.situation_of_change import situation_of
from installer.operations.images.load_images import load_images
from installer.operations.import_.carry_out import TOTAL, OnFailure, carry_out
from installer.operations.import_.closing_words import closing_words
from installer.operations.package.verify import verify_directory
from installer.operations.plan.step_names import BACK_UP, MIGRATE
from installer.operations.release_directory import Site
from installer.operations.services.change_context import Change
from installer.operations.services.start_services import start_new
from installer.operations.services.sweep_files import sweep_files
from installer.operations.services.sweep_rehearsals import sweep_rehearsals
from installer.operations.steps.import_steps import import_steps
from installer.operations.steps.migrate_new import is_migrated
from installer.operations.way_back.change_of_run import change_of_run
from installer.operations.way_back.standing import where_it_stands
from installer.operations.way_back.undo_run import ROLLBACK
from installer.operations.way_back.unfinished_runs import unfinished_run
from installer.screen.console import Console
from installer.site.release_record import read_record
from installer.system.docker.docker import Engine, site_name
from installer.system.process.signals import outlasting_terminal
from installer.text import _
from installer.workflow.journal import Journal
from installer.workflow.lock import site_lock
from installer.workflow.step import begun_of, undo_steps


def resume_import(
    release: Path,
    package: Path | None,
    console: Console,
    *,
    health_seconds: float,
    on_failure: OnFailure,
    previous: Path | None = None,
) -> None:
    """Carries out what is left of the import into `release`; returns when that release is in operation.

    Each step is found done by looking at this host. A migration that was interrupted is undone first, with
    everything since the backup. Raises the errors of `import_release`.
    """
    manifest, engine = Site(release, console).manifest(), Engine.connect()
    with site_lock(site_name(engine, manifest.application.project), "import --resume"):
        sweep_rehearsals(engine, manifest.application.project)
        sweep_files(release)
        journal = unfinished_run(release)
        if journal is None:
            _say_nothing_to_do(release, manifest, console)
            return
        _refuse_rollback(journal)
        change = change_of_run(journal, release, engine, console, health_seconds, previous=previous)
        for line in where_it_stands(change, journal):
            console.say(line)
        with outlasting_terminal():
            _prepare(change, package)
            _leave_half_migrated(change, journal)
        carry_out(change, journal, on_failure, resumes=True)
        closing_words(situation_of(change), console)


def _prepare(change: Change, package: Path | None) -> None:
    """Verifies again what a power cut may have damaged, and loads images that the engine lost."""
    with change.console.step(1, TOTAL, _("Verify the package")):
        manifest = verify_directory(change.plan.release, change.console)
    with change.console.step(4, TOTAL, _("Load the images")) as outcome:
        outcome(load_images(change.engine, manifest, change.plan.release, package, change.console))


def _leave_half_migrated(change: Change, journal: Journal) -> None:
    """Undoes everything since the backup if a migration was interrupted: nobody knows what it did."""
    steps = import_steps(change)
    names = [step.name for step in steps]
    if MIGRATE not in {step.name for step in begun_of(steps, journal)} or _has_migrated(change):
        return
    change.console.say(_("The migrations were interrupted: the database of the backup comes first."))
    undo_steps(steps[names.index(BACK_UP) :], journal=journal, console=change.console)


def _has_migrated(change: Change) -> bool:
    services = change.plan.database_services
    if not services:
        return True
    start_new(change, services, alone=True)
    change.wait_for(services, patient=True)
    return is_migrated(change)


def _say_nothing_to_do(release: Path, manifest: Manifest, console: Console) -> None:
    record = read_record(release)
    if record is None:
        raise Refused(
            _("There is no import to resume in this directory."),
            details=[_("Looked in: {path}", path=release)],
            hint=_("To import the release, run: ./import-package.sh"),
        )
    names = {"title": manifest.application.title, "version": record.version}
    console.say(_("{title} {version} is installed here already.", **names))


def _refuse_rollback(journal: Journal) -> None:
    """Refuses to go forward again from a rollback: users may have written to the new release."""
    if any(event.what == "reopened" for event in journal.events()):
        raise Refused(
            _("A rollback was interrupted here, not an import."),
            details=[_("Its journal: {path}", path=journal.folder)],
            hint=_("To finish the rollback, run: {command}", command=ROLLBACK),
        )
