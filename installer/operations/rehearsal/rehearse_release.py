"""Rehearses an import of this release on its own, without a change to the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.decisions.look_around import look_around
from installer.operations.decisions.pending import with_pending
from installer.operations.images.load_images import load_images
from installer.operations.images.stored_images import stored
from installer.operations.package.verify import verify_directory
from installer.operations.plan.find_old_database import old_databases
from installer.operations.plan.import_plan import Situation
from installer.operations.plan.labels import in_one_line
from installer.operations.rehearsal.refusal import refuse_failure
from installer.operations.rehearsal.rehearsal_report import fits, rehearsal_document, show_rehearsal
from installer.operations.rehearsal.rehearse import Rehearsed, rehearse
from installer.operations.way_back.unfinished_runs import refuse_unfinished_run
from installer.screen.console import Console
from installer.site.files.lent_settings import borrowed_settings
from installer.system.docker.docker import Engine, site_name
from installer.text import _
from installer.workflow.lock import site_lock

STEPS = 4


@dataclass(frozen=True)
class RehearseRequest:
    """Describes the request: `package` is the file that the person named, `database` a service or None."""

    release: Path
    package: Path | None
    from_directory: Path | None
    database: str | None
    as_json: bool


def rehearse_release(request: RehearseRequest, console: Console) -> None:
    """Verifies the release, finds the installation, loads the databases' images if missing, and rehearses.

    Raises `Refused` if there is no database to rehearse on, if the rehearsal is not possible, and if a
    migration fails.
    """
    release = request.release
    with console.step(1, STEPS, _("Verify the package")):
        manifest = verify_directory(release, console)
    engine = Engine.connect()
    with site_lock(site_name(engine, manifest.application.project), "rehearse"):
        refuse_unfinished_run(release)
        with borrowed_settings(release, console.warn) as settings:
            with console.step(2, STEPS, _("Find the existing installation and plan")):
                situation = look_around(
                    manifest,
                    engine,
                    release,
                    settings,
                    from_directory=request.from_directory,
                    state_mode="copy",
                )
                databases = _expect_databases(situation, request.database)
            with console.step(3, STEPS, _("Load the images")) as outcome:
                outcome(_load(replace(situation, package=request.package), databases, engine, console))
            _rehearse(situation, databases, engine, console, as_json=request.as_json)


def _expect_databases(situation: Situation, named: str | None) -> tuple[OldDatabase, ...]:
    live = [one for one in old_databases(situation) if one.container.is_running]
    found = tuple(one for one in live if named in (None, one.service.name))
    if not found:
        names = ", ".join(one.service.name for one in live)
        raise Refused(
            _("There is no running database to rehearse on."),
            details=[_("Its databases: {names}", names=names)] if names else [],
            hint=_("Start the old release, or specify its directory: --from DIRECTORY"),
        )
    return found


def _load(situation: Situation, databases: Sequence[OldDatabase], engine: Engine, console: Console) -> str:
    """Loads only what the databases' servers need; takes no tag from the running release."""
    manifest: Manifest = situation.manifest
    references = {situation.model.services[live.service.name].image for live in databases}
    needed = [image for image in manifest.images if image.reference in references]
    if all(stored(engine, image) is not None for image in needed):
        return _("the database's image is there already")
    return load_images(engine, manifest, situation.plan.release, situation.package, console)


def _rehearse(
    situation: Situation, databases: Sequence[OldDatabase], engine: Engine, console: Console, *, as_json: bool
) -> None:
    with console.step(4, STEPS, _("Rehearse the migrations on a copy")) as outcome:
        pending = {one.service: one.pending for one in with_pending(situation).databases}
        done = [
            (
                live.service.name,
                rehearse(situation, live, engine, console) if pending[live.service.name] else None,
            )
            for live in databases
        ]
        _show(done, console, as_json=as_json)
        results = [(situation.plan.label_of(service), _result(one)) for service, one in done]
        outcome(in_one_line(results))


def _show(done: Sequence[tuple[str, Rehearsed | None]], console: Console, *, as_json: bool) -> None:
    """Shows every rehearsal, then refuses the first that failed."""
    rehearsed = [one for _service, one in done if one is not None]
    for one in rehearsed:
        show_rehearsal(one, console, whole_diff=True)
    if as_json:
        documents = [{"service": service, **rehearsal_document(one)} for service, one in done]
        console.json(documents if len(documents) > 1 else documents[0])
    for one in rehearsed:
        refuse_failure(one.rehearsal)


def _result(rehearsed: Rehearsed | None) -> str:
    return fits(rehearsed.rehearsal) if rehearsed else _("no migrations are pending")
