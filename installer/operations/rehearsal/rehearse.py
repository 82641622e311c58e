"""Applies the pending migrations to a copy of the running database, which stays up; leaves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from installer.bundle.sql.migrations import read_migrations
from installer.database.door.running_database import CopiedDatabase, Database
from installer.database.scratch_servers.disk_guard import guarding
from installer.database.values.copy_request import GUARDED_BYTES, CopyRequest, CopyRoom
from installer.database.values.old_database import OldDatabase
from installer.database.values.problems import CannotRehearse, ServerWouldNotStart
from installer.database.values.rehearsal_result import Rehearsal
from installer.errors import AirlockError, Refused
from installer.operations.images.stored_images import image_of_service
from installer.operations.plan.find_old_database import locate_old
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase, Situation
from installer.operations.plan.labels import labelled
from installer.operations.rehearsal.downtime import Downtime, files_seconds
from installer.screen.console import Console
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container, Engine, site_name
from installer.text import _

NO_REHEARSAL_HINT = _("To import without a rehearsal: --rehearse never")


@dataclass(frozen=True)
class Rehearsed:
    """Holds a completed rehearsal: the copy it was made on, and its findings."""

    copied: CopiedDatabase
    rehearsal: Rehearsal
    downtime: Downtime | None  # None after a failure


def rehearse(situation: Situation, live: OldDatabase, engine: Engine, console: Console) -> Rehearsed:
    """Rehearses the release's migrations on a copy of `live`; reports a failing migration, without an error.

    Raises `CannotRehearse` if no copy can be made, `Refused` if the release's server does not start.
    """
    service = situation.model.services[live.service.name]
    site = site_name(engine, situation.manifest.application.project)
    migrations = read_migrations(situation.plan.release / live.migrations, live.prisma)
    with _obstacles_separated(), engine.scratch(site, console.warn) as scratch:
        running = locate_old(live)
        expect_reachable(live.container, running)
        room = running.room_for_copy(engine)
        with guarding(room.place, GUARDED_BYTES, lambda: _sweep(site)):
            request = CopyRequest(
                engine, scratch, live, _image(situation, engine, service), service, room, console
            )
            copied = running.copy(request)
            console.say(labelled(situation.plan.label_of(service.name), _way(copied)))
            rehearsal = copied.database.rehearse(migrations, console)
            planned = situation.plan.database(service.name)
            downtime = (
                None if rehearsal.failure else _downtime(situation.plan, planned, room, copied, rehearsal)
            )
            return Rehearsed(copied, rehearsal, downtime)


def expect_reachable(container: Container, database: Database, *, hint: str = NO_REHEARSAL_HINT) -> None:
    """Raises `CannotRehearse` if only published ports lead to containers: a copy has none."""
    if database.host not in container.addresses:
        raise CannotRehearse(
            _("A second database server could not be reached from this host."),
            details=[_("The running server answers at {host}, not at its own address.", host=database.host)],
            hint=hint,
        )


def _way(copied: CopiedDatabase) -> str:
    seconds = f"{copied.copy_seconds:.1f}"
    if copied.file_bytes is None:
        reason = copied.reason
        return _("The copy was loaded from a dump in {seconds} s: {reason}.", seconds=seconds, reason=reason)
    return _("The files of the running server were copied in {seconds} s.", seconds=seconds)


def _downtime(
    plan: ImportPlan, planned: PlannedDatabase, room: CopyRoom, copied: CopiedDatabase, rehearsal: Rehearsal
) -> Downtime:
    carried_seconds = files_seconds(plan, copied.file_bytes or 0, copied.copy_seconds)
    if planned.conversion is not None and carried_seconds is not None:
        carried_seconds += copied.copy_seconds  # which loaded the copy as the conversion does
    return Downtime(
        backup_seconds=copied.database.backup_seconds(room.data_bytes) if planned.kept_files is None else 0.0,
        files_seconds=carried_seconds,
        start_seconds=copied.start_seconds,
        migrations_seconds=rehearsal.seconds,
    )


def _sweep(site: str) -> None:
    """Sweeps from another thread, and so over another connection."""
    Engine.connect().scratch(site).sweep()


def _image(situation: Situation, engine: Engine, service: Service) -> str:
    """Returns the ID of the release's database image in this engine."""
    there = image_of_service(engine, situation.manifest, service)
    if there is None:
        raise CannotRehearse(
            _("The image {reference} of the release is not loaded yet.", reference=service.image),
            hint=_("A dry run loads no images; the import itself does."),
        )
    return there.id


@contextmanager
def _obstacles_separated() -> Iterator[None]:
    """Separates obstacles to the rehearsal from its findings."""
    try:
        yield
    except CannotRehearse:
        raise
    except ServerWouldNotStart as failure:
        raise Refused(
            _("The release's database server does not start on a copy of the data."),
            details=[failure.happened, *failure.details],
            hint=NO_REHEARSAL_HINT,
        ) from failure
    except AirlockError as trouble:
        if isinstance(trouble.__cause__, KeyboardInterrupt):
            raise KeyboardInterrupt from trouble
        raise CannotRehearse(trouble.happened, details=trouble.details, hint=trouble.hint) from trouble
