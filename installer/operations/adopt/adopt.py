"""Starts the services of a renamed release directory from its new place and updates its records."""

from collections.abc import Mapping
from pathlib import Path

from installer.database.door.database_engine import DatabaseEngine
from installer.database.engines import engine_of, locate
from installer.database.values.picture import Picture
from installer.errors import Failed, Refused, Stuck
from installer.operations.adopt.adopt_obstacles import refuse_adopt_obstacles
from installer.operations.adopt.renamed_directory import RenamedRelease, look_at_release
from installer.operations.adopt.update_records import renew_records
from installer.operations.release_directory import Site
from installer.operations.services.change_context import DATABASE_STOP_SECONDS
from installer.operations.way_back.unfinished_runs import refuse_unfinished_run
from installer.screen.console import Console
from installer.site.starting.health import Watch, wait_until_healthy
from installer.system.docker.docker import Engine, site_name
from installer.text import _
from installer.workflow.lock import site_lock


def adopt(release: Path, console: Console, *, health_seconds: float, dry_run: bool = False) -> None:
    """Restarts the services of the release from the directory `release`, by its current name.

    Does nothing if they already run from it. Raises `Refused` before anything changes; `Stuck` if services
    were stopped and could not all be started, or if the database is not as it was.
    """
    engine, manifest = Engine.connect(), Site(release, console).manifest()
    with site_lock(site_name(engine, manifest.application.project), "adopt"):
        refuse_unfinished_run(release)
        renamed = look_at_release(release, manifest, engine)
        refuse_adopt_obstacles(renamed)
        if renamed.runs_from_here:
            renew_records(release, console)
            console.say(
                _("Nothing to do: {title} was started in this directory.", title=manifest.application.title)
            )
            return
        if _agreed(renamed, console, dry_run=dry_run):
            _move_over(renamed, console, health_seconds)
            renew_records(release, console)
            console.say(
                _("{title} now runs from {directory}.", title=manifest.application.title, directory=release)
            )


def _agreed(renamed: RenamedRelease, console: Console, *, dry_run: bool) -> bool:
    console.say(_("Started in: {directory}", directory=renamed.before))
    console.say(_("Now: {directory}", directory=renamed.release))
    console.say(_("Services to restart from here: {services}", services=", ".join(renamed.services)))
    if dry_run:
        console.say(_("This was a dry run: nothing was changed."))
        return False
    if not console.confirm(_("Go ahead?"), default=False):
        raise Refused(_("Nothing was changed."), hint=_("To skip the question, run: ./airlock adopt --yes"))
    return True


def _move_over(renamed: RenamedRelease, console: Console, health_seconds: float) -> None:
    before = _pictures(renamed)
    try:
        _stop(renamed, console)
        _start(renamed, renamed.database_services, console, health_seconds)
        after = _pictures(renamed) if before else {}
        _start(renamed, renamed.other_services, console, health_seconds)
    except BaseException as failure:
        raise _half_way(failure) from failure
    if before and after:
        _compare(before, after, console)


def _stop(renamed: RenamedRelease, console: Console) -> None:
    """Stops the services, the databases last and with enough time to write its files."""
    console.say(_("Stopping: {services}", services=", ".join(renamed.services)))
    if renamed.other_services:
        renamed.compose.stop(renamed.other_services)
    for service in renamed.database_services:
        renamed.compose.stop((service,), timeout_seconds=DATABASE_STOP_SECONDS)
        container = renamed.found(service)
        if container is not None and container.exit_code != 0:
            raise Failed(
                _("The database did not stop cleanly (exit code {code}).", code=container.exit_code),
                details=renamed.engine.logs(container.id, 20).splitlines(),
            )


def _start(
    renamed: RenamedRelease, services: tuple[str, ...], console: Console, health_seconds: float
) -> None:
    if services:
        console.say(_("Starting: {services}", services=", ".join(services)))
        renamed.compose.up(services, recreate=True, timeout_seconds=health_seconds)
        tests = {name: _engine(renamed, name).answering() for name in renamed.database_services}
        watch = Watch(renamed.engine, renamed.project, tests=tests)
        wait_until_healthy(watch, services, deadline_seconds=health_seconds)


def _engine(renamed: RenamedRelease, name: str) -> DatabaseEngine:
    service = renamed.model.services[name]
    return engine_of(service.image, service.environment)


def _pictures(renamed: RenamedRelease) -> dict[str, Picture]:
    """Reads history and definitions of the databases that run, by service."""
    pictures = {}
    for name in renamed.database_services:
        container, service = renamed.found(name), renamed.model.services[name]
        if container is not None and container.is_running:
            with locate(service, container).at_one_moment() as moment:
                pictures[name] = moment.picture("quick")
    return pictures


def _compare(before: Mapping[str, Picture], after: Mapping[str, Picture], console: Console) -> None:
    others = [name for name, picture in before.items() if _kept(picture) != _kept(after.get(name))]
    if others:
        raise Stuck(
            _("The database is not the one that ran before."),
            details=[
                _("Its migration history or its definitions differ: service {name}", name=name)
                for name in others
            ],
            hint=_("Stop the services (docker compose stop) and find the folder with the data."),
        )
    console.say(_("The database is as before: same migration history, same definitions."))


def _kept(picture: Picture | None) -> object:
    return picture and (picture.migrations, picture.definitions)


def _half_way(failure: BaseException) -> Stuck:
    happened, details = getattr(failure, "happened", str(failure)), getattr(failure, "details", ())
    return Stuck(
        _("The services were stopped, and not all of them run from here yet."),
        details=[happened or type(failure).__name__, *details],
        hint=_("Fix the cause, then run: ./airlock adopt"),
    )
