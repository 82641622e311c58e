"""Rehearses an import of this release on its own, without a change to the database."""

from dataclasses import replace
from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.decisions.look_around import look_around
from installer.operations.decisions.pending import pending_migrations
from installer.operations.images.load_images import load_images
from installer.operations.images.stored_images import stored
from installer.operations.package.verify import verify_directory
from installer.operations.plan.find_old_database import old_database
from installer.operations.plan.import_plan import Situation
from installer.operations.rehearsal.refusal import refuse_failure
from installer.operations.rehearsal.rehearsal_report import fits, rehearsal_document, show_rehearsal
from installer.operations.rehearsal.rehearse import rehearse
from installer.operations.way_back.unfinished_runs import refuse_unfinished_run
from installer.screen.console import Console
from installer.site.files.lent_settings import borrowed_settings
from installer.system.docker.docker import Engine, site_name
from installer.text import _
from installer.workflow.lock import site_lock

STEPS = 4


def rehearse_release(
    release: Path, package: Path | None, from_directory: Path | None, console: Console, *, as_json: bool
) -> None:
    """Verifies the release, finds the installation, loads the database's image if missing, and rehearses.

    Raises `Refused` if there is no database to rehearse on, if the rehearsal is not possible, and if a
    migration fails.
    """
    with console.step(1, STEPS, _("Verify the package")):
        manifest = verify_directory(release, console)
    engine = Engine.connect()
    with site_lock(site_name(engine, manifest.application.project), "rehearse"):
        refuse_unfinished_run(release)
        with borrowed_settings(release, console.warn) as settings:
            with console.step(2, STEPS, _("Find the existing installation and plan")):
                situation = look_around(
                    manifest, engine, release, settings, from_directory=from_directory, state_mode="copy"
                )
                live = _expect_database(situation)
            with console.step(3, STEPS, _("Load the images")) as outcome:
                outcome(_load(replace(situation, package=package), live, engine, console))
            _rehearse(situation, live, engine, console, as_json=as_json)


def _expect_database(situation: Situation) -> OldDatabase:
    live = old_database(situation)
    if live is None or not live.container.is_running:
        raise Refused(
            _("There is no running database to rehearse on."),
            hint=_("Start the old release, or specify its directory: --from DIRECTORY"),
        )
    return live


def _load(situation: Situation, live: OldDatabase, engine: Engine, console: Console) -> str:
    """Loads only what the database's server needs; takes no tag from the running release."""
    manifest: Manifest = situation.manifest
    reference = situation.model.services[live.service.name].image
    needed = [image for image in manifest.images if image.reference == reference]
    if all(stored(engine, image) is not None for image in needed):
        return _("the database's image is there already")
    return load_images(engine, manifest, situation.plan.release, situation.package, console)


def _rehearse(
    situation: Situation, live: OldDatabase, engine: Engine, console: Console, *, as_json: bool
) -> None:
    with console.step(4, STEPS, _("Rehearse the migrations on a copy")) as outcome:
        pending = pending_migrations(situation)
        rehearsed = rehearse(situation, live, engine, console) if pending else None
        if rehearsed is not None:
            show_rehearsal(rehearsed, console, whole_diff=True)
        if as_json:
            console.json(rehearsal_document(rehearsed))
        if rehearsed is not None:
            refuse_failure(rehearsed.rehearsal)
        outcome(fits(rehearsed.rehearsal) if rehearsed else _("no migrations are pending"))
